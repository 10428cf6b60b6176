"""What ``motcua fit --help`` says of exports and counts."""

from __future__ import annotations

HELP = """
kind=dossiers, an export of the system that dossiers are kept in, a row a dossier, with the columns
  received                              the day of receipt ("Ngày tiếp nhận"), with the time of entry or without
  code, field, procedure, channel, status, completion, due, done, handed, office
                                        where there are such: Mã hồ sơ, Lĩnh vực, Thủ tục, Hình thức tiếp nhận, Trạng
                                        thái, Yêu cầu bổ sung, Ngày hẹn trả, Ngày có kết quả, Ngày trả kết quả, Đơn vị
A time of entry is no arrival. Where entries are batched, or have no time, it is said, and when people come is not
fitted. exported=DATE: the day of the export, the last day of receipt unless said.

kind=counts, a row a day, or a weekday: date ("Ngày") or weekday ("Thứ": Thứ hai, T2, 2 to 7 and CN, Monday), and people
("Số người") or dossiers ("Số hồ sơ"), or count with counted_as=people|dossiers; also field and point.

staff=FILE, for both: a list of officials, a row an official or several: name (read, kept nowhere), field, point, role,
count, hours ("Họ tên", "Lĩnh vực phụ trách", "Điểm tiếp nhận", "Chức vụ", "Số lượng", "Giờ làm việc").

Written are OFFICE.yaml, OFFICE.png, weekdays.csv, fields.csv; and of all kinds unidentified.csv: what the data do not
tell, and how the mean wait and the share within 15 minutes change when it alone is at the low and the high end of its
range; what was counted is held. simulate=no leaves that out too.

  motcua fit ho_so.csv staff=can_bo.csv dates=dmy
  motcua fit luot_dan.csv staff=can_bo.csv counted_as=people"""
