(function () {
  "use strict";
  const motcua = (window.motcua = window.motcua || {});
  const LINGER = 600; // seconds for which those who left are still drawn
  const SPEEDS = [1, 5, 15, 30];
  const ORDER = ["outside", "guide_queue", "guided", "queue", "counter", "result", "gone"];
  const PAIRS = [["outside", null], ["guide_queue", "guided"], ["queue", "counter"], ["result", "gone"]];
  const ALWAYS = new Set(["queue", "counter", "gone"]);
  const BOX = 30, LABEL = 22, GAP = 12, LINE = 20;
  const ENDS = {
    served: "served", advised: "served", incomplete: "incomplete", incomplete_at_guidance: "incomplete",
    reneged: "unserved", balked: "unserved", turned_away: "unserved", carried_over: "unserved", in_system: "",
  };
  const KINDS = { guide_queue: "waiting", queue: "waiting", guided: "received", counter: "received" };
  const FALLBACK = {
    ink: "#1a1a1a", quiet: "#555555", faint: "#d9d9d9", paper: "#ffffff", blue: "#0072b2", orange: "#e69f00",
    green: "#009e73", vermilion: "#d55e00", sky: "#56b4e9", purple: "#cc79a7",
  };

  const clock = (t) => {
    const minutes = Math.floor(t / 60);
    return String(Math.floor(minutes / 60)).padStart(2, "0") + ":" + String(minutes % 60).padStart(2, "0");
  };
  const zoneOf = (where) => (where === "handed" ? "counter" : where);
  const isBoxes = (zone) => zone === "guided" || zone === "counter";

  // What happens on a day

  function decoded(day, data) {
    let arrival = 0;
    return day.rows.map((row) => {
      const [point, outcome, places] = day.paths[row[0]];
      arrival += row[1];
      let at = arrival, nth = 2 + places.length;
      const steps = places.map((place, n) => {
        const where = data.where[place], start = at;
        at += row[2 + n];
        const official = isBoxes(zoneOf(where)) ? row[nth++] : -1;
        return { where, zone: zoneOf(where), start, end: at, official, seat: -1 };
      });
      return { point, end: ENDS[data.outcomes[outcome]], arrival, departure: at, steps, x: 0, y: 0, drawn: false };
    });
  }

  function mostAtOnce(spans) {
    const events = spans.flatMap(([start, end]) => [[start, 1], [end, -1]]);
    events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let now = 0, most = 0;
    for (const [, step] of events) most = Math.max(most, (now += step));
    return most;
  }

  // An official keeps a counter while it is free; which one it is, the simulation does not say.
  function seated(steps, seats) {
    const free = Array(seats).fill(0), owner = Array(seats).fill(-1);
    for (const step of steps.sort((a, b) => a.start - b.start || a.end - b.end)) {
      const open = free.map((_, n) => n).filter((n) => free[n] <= step.start);
      const own = open.find((n) => owner[n] === step.official);
      const fresh = open.find((n) => owner[n] === -1);
      step.seat = own ?? fresh ?? open[0] ?? free.length;
      free[step.seat] = step.end;
      owner[step.seat] = step.official;
    }
    return free.length;
  }

  function zonesOf(day, visits, point) {
    const zones = {}, mine = visits.filter((one) => one.point === point);
    for (const name of ORDER) {
      const steps = mine.flatMap((one) => one.steps.filter((step) => step.zone === name));
      const spans = steps.map((step) => [step.start, step.end]);
      if (name === "gone") mine.filter((one) => one.end).forEach((one) => spans.push([one.departure, one.departure + LINGER]));
      if (!spans.length && !ALWAYS.has(name)) continue;
      const posts = day.points[point][name === "guided" ? "guides" : "counters"];
      const most = mostAtOnce(spans);
      zones[name] = { name, most: isBoxes(name) ? seated(steps, Math.max(most, Math.min(posts, 60))) : most };
    }
    return zones;
  }

  function prepared(day, data) {
    const visits = decoded(day, data);
    return { day, visits, zones: day.points.map((_, n) => zonesOf(day, visits, n)) };
  }

  function placeAt(visit, t) {
    if (t < visit.arrival) return null;
    if (t >= visit.departure) {
      return visit.end && t < visit.departure + LINGER ? { zone: "gone", where: visit.end, start: visit.departure } : null;
    }
    return visit.steps.find((step) => step.start <= t && t < step.end) || null;
  }

  // Where everything is drawn

  function sized(zone, width) {
    zone.cell = BOX;
    if (!isBoxes(zone.name)) {
      zone.cell = 14;
      while (zone.cell > 7 && Math.ceil(zone.most / Math.floor(width / zone.cell)) > 8) zone.cell -= 1;
    }
    zone.width = width;
    zone.across = Math.max(Math.floor(width / zone.cell), 1);
    return LABEL + Math.max(Math.ceil(zone.most / zone.across), 1) * zone.cell + GAP;
  }

  function block(zones, x, y, width) {
    const wide = width >= 560, rows = wide ? PAIRS : ORDER.map((name) => [name]);
    const column = wide ? (width - 32) / 2 : width;
    for (const row of rows) {
      let height = 0;
      row.forEach((name, nth) => {
        const zone = name && zones[name];
        if (!zone) return;
        height = Math.max(height, sized(zone, column));
        zone.x = x + nth * (column + 32);
        zone.y = y;
      });
      y += height;
    }
    return y;
  }

  // ``lines``: the lines of a point's name in a width.
  function layout(scene, width, lines) {
    const many = scene.zones.length;
    const columns = many === 1 ? 1 : Math.max(1, Math.min(many, Math.floor((width + 32) / 332), 3));
    const each = (width - 32 * (columns - 1)) / columns;
    scene.zones.forEach((zones, n) => { zones.title = { width: each, lines: many > 1 ? lines(scene.day.points[n].name, each) : [] }; });
    const title = many > 1 ? LINE * Math.max(...scene.zones.map((zones) => zones.title.lines.length)) + 8 : 0;
    let top = 0;
    for (let first = 0; first < many; first += columns) {
      let bottom = top;
      for (let n = first; n < Math.min(first + columns, many); n += 1) {
        const x = (n - first) * (each + 32);
        Object.assign(scene.zones[n].title, { x, y: top });
        bottom = Math.max(bottom, block(scene.zones[n], x, top + title, each));
      }
      top = bottom + (many > 1 ? GAP : 0);
    }
    return Math.ceil(top);
  }

  function spot(zone, n) {
    const cell = zone.cell;
    return [zone.x + (n % zone.across + 0.5) * cell, zone.y + LABEL + (Math.floor(n / zone.across) + 0.5) * cell];
  }

  // Drawing

  function shape(g, where, x, y, r, colors, text) {
    const diamond = () => { g.moveTo(x, y - r); g.lineTo(x + r, y); g.lineTo(x, y + r); g.lineTo(x - r, y); g.closePath(); };
    g.beginPath();
    g.lineWidth = Math.max(r / 3, 1.25);
    const [fill, stroke] = {
      outside: [null, colors.quiet], guide_queue: [null, colors.blue], queue: [null, colors.blue],
      guided: [colors.blue, null], counter: [colors.blue, null], result: [null, colors.purple],
      handed: [colors.purple, null], served: [colors.green, null], incomplete: [colors.orange, null],
      unserved: [null, colors.vermilion],
    }[where];
    if (where === "guided" || where === "counter") g.rect(x - r, y - r, 2 * r, 2 * r);
    else if (where === "result" || where === "handed") diamond();
    else if (where === "incomplete") { g.moveTo(x, y - r); g.lineTo(x + r, y + r); g.lineTo(x - r, y + r); g.closePath(); }
    else if (where === "unserved") {
      g.moveTo(x - r, y - r); g.lineTo(x + r, y + r); g.moveTo(x + r, y - r); g.lineTo(x - r, y + r);
    } else g.arc(x, y, r, 0, 2 * Math.PI);
    if (fill) { g.fillStyle = fill; g.fill(); }
    if (stroke) { g.strokeStyle = stroke; g.stroke(); }
    if (text) {
      g.fillStyle = colors.paper;
      g.textAlign = "center";
      g.textBaseline = "middle";
      g.fillText(text, x, y + 0.5);
    }
  }

  function fitted(g, text, width) {
    if (g.measureText(text).width <= width) return text;
    let most = text.length;
    while (most > 1 && g.measureText(text.slice(0, most) + "…").width > width) most -= 1;
    return text.slice(0, most).trimEnd() + "…";
  }

  function wrapped(g, text, width) {
    const words = text.split(" ");
    let first = words.shift();
    while (words.length && g.measureText(first + " " + words[0]).width <= width) first += " " + words.shift();
    return words.length ? [fitted(g, first, width), fitted(g, words.join(" "), width)] : [fitted(g, first, width)];
  }

  function writer(texts) {
    const language = () => (texts[document.documentElement.lang] ? document.documentElement.lang : Object.keys(texts)[0]);
    const number = (n) => new Intl.NumberFormat(language()).format(n);
    const say = (key, values = {}) =>
      texts[language()][key].replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? number(values[name]) : values[name]));
    return { say, number };
  }

  function colorsOf(root) {
    const style = getComputedStyle(root);
    return Object.fromEntries(Object.entries(FALLBACK).map(([name, color]) => [name, style.getPropertyValue("--" + name).trim() || color]));
  }

  class Player {
    constructor(root, data, texts) {
      this.root = root;
      Object.assign(this, writer(texts));
      this.parts = Object.fromEntries([...root.querySelectorAll("[data-played]")].map((one) => [one.dataset.played, one]));
      this.articles = [...root.querySelectorAll("[data-played=day]")];
      this.scenes = data.days.map((day) => prepared(day, data));
      this.calm = matchMedia("(prefers-reduced-motion: reduce)");
      this.playing = false;
      this.told = 0;
      this.t = this.scenes[0].day.shown[0];
      this.listen();
      this.explain();
      this.parts.stage.hidden = false;
      if (this.parts.days) this.parts.days.hidden = false;
      this.speak();
      const checked = root.querySelector("[data-played=days] input:checked");
      this.choose(checked ? Number(checked.value) : 0);
    }

    // The legend has only marks that are drawn on one of the days.
    explain() {
      const visits = this.scenes.flatMap((scene) => scene.visits);
      const seen = new Set(visits.flatMap((one) => [one.end, ...one.steps.map((step) => KINDS[step.where] || step.where)]));
      this.root.querySelectorAll("li[data-kind]").forEach((one) => { one.hidden = !seen.has(one.dataset.kind); });
    }

    get shown() { return this.scene.day.shown; }

    listen() {
      const { play, time, speed, days, hall } = this.parts;
      play.addEventListener("click", () => (this.playing ? this.pause() : this.play()));
      time.addEventListener("input", () => this.seek(Number(time.value)));
      speed.addEventListener("change", () => { this.told = 0; });
      if (days) days.addEventListener("change", (event) => this.choose(Number(event.target.value)));
      this.root.querySelectorAll("[data-played=plot]").forEach((plot) => plot.addEventListener("pointerdown", (event) => {
        const box = plot.getBoundingClientRect(), [first, last] = this.shown;
        this.seek(first + ((last - first) * (event.clientX - box.left)) / box.width);
      }));
      hall.addEventListener("pointermove", (event) => this.point(event));
      document.addEventListener("languagechange", () => this.speak());
      new MutationObserver(() => this.draw(0)).observe(document.documentElement, { attributes: true });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw(0));
      new ResizeObserver(() => this.resize()).observe(this.parts.stage);
    }

    font(weight, size) { return weight + " " + size + "px " + getComputedStyle(this.root).fontFamily; }

    choose(number) {
      this.scene = this.scenes[number];
      this.article = this.articles[number];
      this.articles.forEach((one) => { one.hidden = one !== this.article; });
      const mine = (name) => this.article.querySelector("[data-played=" + name + "]");
      this.future = mine("future");
      this.now = mine("now");
      this.now.setAttribute("visibility", "visible");
      [this.parts.time.min, this.parts.time.max] = this.shown;
      this.width = 0;
      this.resize();
      this.seek(this.t);
    }

    resize() {
      const hall = this.parts.hall, width = Math.floor(this.parts.stage.clientWidth);
      const ratio = window.devicePixelRatio || 1;
      if (!width || (width === this.width && ratio === this.ratio)) return;
      [this.width, this.ratio] = [width, ratio];
      const height = layout(this.scene, width, (name, room) => {
        const g = hall.getContext("2d");
        g.setTransform(1, 0, 0, 1, 0, 0);
        g.font = this.font(600, 15);
        return wrapped(g, name, room);
      });
      hall.width = Math.round(width * ratio);
      hall.height = Math.round(height * ratio);
      hall.style.height = height + "px";
      this.draw(0);
    }

    speak() {
      const { speed } = this.parts, chosen = speed.value || "5";
      speed.replaceChildren(...SPEEDS.map((n) => new Option(this.say("speed", { n }), n, false, String(n) === chosen)));
      this.label();
      if (this.scene) this.draw(0);
    }

    label() {
      const over = this.scene && this.t >= this.shown[1];
      this.parts.play.textContent = this.say(this.playing ? "pause" : over ? "again" : "play");
    }

    play() {
      if (this.t >= this.shown[1]) this.t = this.shown[0];
      this.playing = true;
      this.parts.status.setAttribute("aria-live", "off");
      this.label();
      this.last = performance.now();
      requestAnimationFrame((now) => this.frame(now));
    }

    pause() {
      this.playing = false;
      this.parts.status.setAttribute("aria-live", "polite");
      this.label();
      this.draw(0);
    }

    frame(now) {
      if (!this.playing) return;
      const passed = Math.min((now - this.last) / 1000, 0.25);
      this.last = now;
      this.t = Math.min(this.t + passed * 60 * Number(this.parts.speed.value), this.shown[1]);
      if (this.t >= this.shown[1]) { this.pause(); return; }
      this.draw(passed);
      requestAnimationFrame((next) => this.frame(next));
    }

    seek(t) {
      const [first, last] = this.shown;
      this.t = Math.min(Math.max(t, first), last);
      if (!this.playing) this.parts.status.setAttribute("aria-live", "off");
      this.label();
      this.draw(0);
    }

    // Draws the day at its time; people glide where ``passed`` seconds went by, and are there at once where none did.
    draw(passed) {
      if (!this.scene || !this.width) return;
      const t = this.calm.matches ? Math.floor(this.t / 60) * 60 : this.t;
      const g = this.parts.hall.getContext("2d"), colors = colorsOf(this.root);
      g.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      g.clearRect(0, 0, this.width, this.parts.hall.height);
      const crowd = this.crowd(t), outage = this.outage(t);
      this.scene.zones.forEach((zones, n) => this.hall(g, zones, n, crowd, outage, colors));
      this.people(g, crowd, colors, this.calm.matches || !passed ? 1 : 1 - Math.exp(-8 * passed));
      this.tell(t, crowd, outage);
    }

    crowd(t) {
      const here = this.scene.visits.map((visit) => ({ visit, at: placeAt(visit, t) }));
      here.forEach(({ visit, at }) => { if (!at) visit.drawn = false; });
      return here.filter(({ at }) => at).sort((a, b) => a.at.start - b.at.start);
    }

    outage(t) {
      return this.scene.day.outages.find((one) => one.start <= t && t < one.end);
    }

    hall(g, zones, number, crowd, outage, colors) {
      g.textAlign = "left";
      g.textBaseline = "alphabetic";
      g.font = this.font(600, 15);
      g.fillStyle = colors.ink;
      zones.title.lines.forEach((line, n) => g.fillText(line, zones.title.x, zones.title.y + 16 + LINE * n));
      g.font = this.font(400, 13);
      for (const name of ORDER.filter((one) => zones[one])) {
        const zone = zones[name];
        const n = crowd.filter(({ visit, at }) => visit.point === number && at.zone === name).length;
        const count = isBoxes(name) ? this.say("free", { n, all: zone.most }) : this.number(n);
        g.fillStyle = colors.quiet;
        const said = name === "gone" ? this.say(name) : this.say(name) + ": " + count;
        g.fillText(fitted(g, said, zone.width), zone.x, zone.y + 14);
        if (isBoxes(name)) this.boxes(g, zone, outage, colors);
      }
    }

    boxes(g, zone, outage, colors) {
      const down = outage && outage.kind === "down";
      g.strokeStyle = down ? colors.vermilion : colors.quiet;
      g.lineWidth = 1;
      g.setLineDash(down ? [4, 3] : []);
      for (let n = 0; n < zone.most; n += 1) {
        const [x, y] = spot(zone, n);
        g.strokeRect(Math.round(x) - 12.5, Math.round(y) - 12.5, 25, 25);
      }
      g.setLineDash([]);
    }

    people(g, crowd, colors, share) {
      const next = new Map();
      g.font = this.font(600, 11);
      for (const { visit, at } of crowd) {
        const zone = this.scene.zones[visit.point][at.zone], key = visit.point + at.zone;
        const n = isBoxes(at.zone) ? at.seat : next.get(key) || 0;
        next.set(key, n + 1);
        const [x, y] = spot(zone, n);
        if (!visit.drawn) [visit.x, visit.y, visit.drawn] = [share < 1 ? x - 24 : x, y, true];
        visit.x += (x - visit.x) * share;
        visit.y += (y - visit.y) * share;
        const there = isBoxes(at.zone) && Math.abs(x - visit.x) + Math.abs(y - visit.y) < 4;
        const r = there ? 9 : Math.min(zone.cell * 0.36, 6);
        shape(g, at.where, visit.x, visit.y, r, colors, there ? String(at.official + 1) : "");
      }
    }

    tell(t, crowd, outage) {
      const here = Object.fromEntries([...ORDER, "handed"].map((name) => [name, 0]));
      crowd.forEach(({ at }) => { here[at.zone === "gone" ? "gone" : at.where] += 1; });
      const ended = { served: 0, incomplete: 0, unserved: 0 };
      this.scene.visits.forEach((one) => { if (one.end && one.departure <= t) ended[one.end] += 1; });
      const counts = {
        outside: here.outside, waiting: here.guide_queue + here.queue, received: here.guided + here.counter,
        result: here.result, handed: here.handed, ...ended,
      };
      for (const [name, n] of Object.entries(counts)) this.parts["count-" + name].textContent = this.number(n);
      const { clock: face, network, time } = this.parts, kind = outage ? outage.kind : "up";
      face.textContent = clock(t);
      network.textContent = this.say(kind);
      network.dataset.kind = kind;
      time.value = Math.floor(t / 60) * 60;
      time.setAttribute("aria-valuetext", clock(t));
      this.future.setAttribute("x", t - this.shown[0]);
      this.future.setAttribute("width", this.shown[1] - t);
      this.now.setAttribute("transform", "translate(" + (t - this.shown[0]) + ")");
      const now = performance.now();
      if (!this.playing || now - this.told > 1000) {
        this.told = now;
        this.status(t, { ...here, counter: here.counter + here.handed, ...ended }, kind);
      }
    }

    status(t, counts, kind) {
      const isOpen = this.scene.day.opening.some(([start, end]) => start <= t && t < end);
      const values = { ...counts, time: clock(t), open: this.say(isOpen ? "open" : "closed"), network: this.say(kind) };
      this.parts.status.textContent = this.say("status", values);
      this.parts.hall.setAttribute("aria-label", this.say("hall", { time: clock(t) }));
    }

    point(event) {
      const { offsetX: x, offsetY: y } = event;
      const over = this.crowd(this.t).find(({ visit, at }) =>
        isBoxes(at.zone) && Math.abs(visit.x - x) < 13 && Math.abs(visit.y - y) < 13);
      const title = over ? this.scene.day.officials[over.at.official] : "";
      if (this.parts.hall.title !== title) this.parts.hall.title = title;
    }
  }

  motcua.played = (root, data, texts) => {
    if (data.days.length) return new Player(root, data, texts);
    return null;
  };
})();
