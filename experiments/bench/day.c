/* The service-center day in plain C: guides, then counters by field; elderly first; lunch; outages; the incomplete
 * come back the next day. It obeys sim/models/contract.py for this day and looks people up by the same keyed
 * numbers as sim/people.py, so that its trace is that of the engines. Every day is a working day, officials have
 * normal speed, stand in order of their group (fields, then guides), and number at most MOST.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { OFFICIAL_BITS = 4, MOST = 1 << OFFICIAL_BITS, MOST_FIELDS = 7, CLASSES = 2, SLOTS = 48, PERSON_BITS = 20, OCTAVES = 32, STEP_BITS = 7 };
enum { SIDE = OCTAVES << STEP_BITS, WIDTH = 2 * (SIDE + 1), FRACTION_BITS = 30, DOSSIER_BITS = 4 };
enum { COUNT = 0, ARRIVAL = 2, PROCEDURE = 4, PRIORITY = 6, GUIDANCE = 11, SERVICE = 12, INCOMPLETE = 13 };
enum { RETURN_TIME = 17 };
enum { HOME = 0, DOOR = 1, DUTY = 2, LIMIT = 3 };
enum { SERVED = 0, LACKED = 3, TURNED_AWAY = 6, IN_SYSTEM = 8 };
enum { NEVER = -1, NOBODY = -1 };

static const int64_t SLOT = 30 * 60 * 1000, DAY = (int64_t)24 * 60 * 60 * 1000;
static const int64_t WHOLE = (int64_t)1 << 53, FAR_AWAY = (int64_t)1 << 62;

typedef struct { int64_t time, value; int32_t kind, subject; } Change;
typedef struct { int64_t changes, shifts; } Program;
typedef struct { int64_t time, speed, work; } Step;

typedef struct {
    int64_t days, fields, officials, steps, center, visits, elderly, guidance;
    const uint64_t *keys;
    const double *people, *profiles;
    const int32_t *profile, *program;
    const int64_t *return_times, *shares, *incomplete, *service, *group, *quantiles;
    const Program *programs;
    const Change *changes;
    const Step *network;
} Plan;

typedef struct {
    int64_t citizen;
    int16_t center, visit, point, procedure, priority, channel;
    int8_t purpose, dossiers, left, outcome;
    int64_t arrival, entry, departure, travel;
} VisitRow;
typedef struct { int64_t visit; int16_t kind, place; int32_t official; int64_t entry, start, end; } TaskRow;

typedef struct {
    int64_t citizen, arrival, guide_start, guide_end, start, departure;
    int32_t rank, guidance, work, next;
    int8_t visit, priority, field, lacks, guide, official, outcome;
} Visit;

typedef struct { int64_t arrival, citizen; int32_t rank; int8_t visit, priority, field; } Comer;
typedef struct { Comer *rows; int64_t count, room; } Coming;
typedef struct { int32_t head, tail; } Line;

typedef struct {
    const Plan *plan;
    Visit *visits;
    int64_t count, room, next, citizens, day, step, arrival_at, change_at, change, change_day, soonest;
    Coming coming[2];
    int64_t *order;
    uint64_t *at;
    int64_t order_room;
    Line lines[MOST_FIELDS + 1][CLASSES];
    int64_t ends[MOST], idle[MOST];
    int32_t served[MOST], first[MOST_FIELDS + 2];
    uint8_t on_duty[MOST], group[MOST];
    int closed, failed;
    unsigned dirty;
} Run;

/* Keyed numbers: sim/streams.py, sim/distributions.py */

static inline uint64_t counter(uint64_t entity, uint64_t occurrence) {
    uint64_t word = (entity << 12) | occurrence;
    word = (word ^ (word >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    word = (word ^ (word >> 27)) * UINT64_C(0x94D049BB133111EB);
    return word ^ (word >> 31);
}

static inline uint64_t turned(uint64_t x) { return (x >> 32) | (x << 32); }

static inline uint64_t bits(uint64_t key, uint64_t at) {
    uint64_t y = at * key, z = y + key, x = turned(y * y + y);
    x = turned(x * x + z);
    x = turned(x * x + y);
    x = x * x + z;
    uint64_t t = x;
    x = turned(x);
    return t ^ ((x * x + y) >> 32);
}

static inline int64_t whole(uint64_t random) { return (int64_t)(random >> 11); }

static inline int64_t quantile(const int64_t *row, uint64_t random) {
    double distance = (double)(int64_t)(((random >> 11) & ((UINT64_C(1) << 52) - 1)) | 1);
    int64_t scaled;
    memcpy(&scaled, &distance, sizeof scaled);
    int64_t cell = (scaled >> (52 - STEP_BITS)) - ((int64_t)(1023 + 52 - OCTAVES) << STEP_BITS);
    int64_t place = (scaled >> (52 - STEP_BITS - FRACTION_BITS)) & ((1 << FRACTION_BITS) - 1);
    if (cell < 0)
        cell = place = 0;
    const int64_t *at = row + cell + (int64_t)(random >> 63) * (SIDE + 1);
    return at[0] + (((at[1] - at[0]) * place + (1 << (FRACTION_BITS - 1))) >> FRACTION_BITS);
}

static inline int64_t person(int64_t center, int64_t day, int64_t slot, int64_t k) {
    return ((((((center << 14) | day) << 6) | slot) << PERSON_BITS) | k);
}

/* People: sim/people.py */

static double exp_of_minus(double x) {
    double halvings = rint(x * 1.4426950408889634);
    double rest = -(x - halvings * 0.6931471803691238) + halvings * 1.9082149292705877e-10;
    double power = 1.0 + rest / 14;
    for (int n = 13; n > 0; n--)
        power = 1.0 + power * rest / n;
    return ldexp(power, (int)-halvings);
}

static int64_t poisson(double mean, double uniform) {
    double mass = exp_of_minus(mean), reached = mass;
    int64_t count = 0;
    while (uniform >= reached && count < 1394) {
        count++;
        mass = mass * (mean / (double)count);
        reached = reached + mass;
    }
    return count;
}

static void *grown(Run *run, void *rows, int64_t *room, int64_t needed, size_t size) {
    if (needed <= *room)
        return rows;
    int64_t more = needed > 2 * *room ? needed : 2 * *room;
    void *moved = realloc(rows, (size_t)more * size);
    if (moved == NULL) {
        run->failed = 1;
        return rows;
    }
    *room = more;
    return moved;
}

static void attributes(const Plan *plan, Visit *v, uint64_t by_attempt, uint64_t by_dossier) {
    const uint64_t *keys = plan->keys;
    v->lacks = whole(bits(keys[INCOMPLETE], by_dossier)) < plan->incomplete[v->field];
    v->guidance = (int32_t)quantile(plan->quantiles + plan->guidance * WIDTH, bits(keys[GUIDANCE], by_attempt));
    v->work = (int32_t)quantile(plan->quantiles + plan->service[v->field] * WIDTH, bits(keys[SERVICE], by_dossier));
    v->guide_start = v->guide_end = v->start = v->departure = NEVER;
    v->guide = v->official = NEVER;
    v->outcome = IN_SYSTEM;
}

static void newcomer(Run *run, int64_t citizen, int64_t rank, int64_t arrival, uint64_t at) {
    const Plan *plan = run->plan;
    Visit *v = &run->visits[run->count++];
    int64_t wanted = whole(bits(plan->keys[PROCEDURE], at));
    v->citizen = citizen, v->rank = (int32_t)rank, v->arrival = arrival, v->visit = 0;
    v->priority = whole(bits(plan->keys[PRIORITY], at)) >= plan->elderly;
    for (v->field = 0; plan->shares[v->field] <= wanted;)
        v->field++;
    attributes(plan, v, at, at);
}

static void comer(Run *run, const Comer *one) {
    Visit *v = &run->visits[run->count++];
    v->citizen = one->citizen, v->rank = one->rank, v->arrival = one->arrival, v->visit = one->visit;
    v->priority = one->priority, v->field = one->field;
    uint64_t by_attempt = counter((uint64_t)one->citizen, (uint64_t)one->visit);
    uint64_t by_dossier = counter((uint64_t)one->citizen, (uint64_t)one->visit << DOSSIER_BITS);
    attributes(run->plan, v, by_attempt, by_dossier);
}

static int later(const Comer *one, int64_t arrival, int64_t citizen) {
    return one->arrival > arrival || (one->arrival == arrival && one->citizen > citizen);
}

/* The newcomers of a half-hour: ms in it and number, ascending. */
static void put_in_order(Run *run, int64_t day, int64_t slot, int64_t people) {
    int64_t *order = run->order;
    for (int64_t k = 0; k < people; k++) {
        uint64_t at = counter((uint64_t)person(run->plan->center, day, slot, k), 0);
        uint64_t ms = ((bits(run->plan->keys[ARRIVAL], at) >> 32) * (uint64_t)SLOT) >> 32;
        int64_t one = (int64_t)(ms << PERSON_BITS) | k, place = k;
        run->at[k] = at;
        for (; place > 0 && order[place - 1] > one; place--)
            order[place] = order[place - 1];
        order[place] = one;
    }
}

static int64_t wanting(const Plan *plan, int64_t day, int64_t slot) {
    double mean = plan->profiles[plan->profile[day] * SLOTS + slot] * plan->people[day];
    if (mean <= 0)
        return 0;
    uint64_t random = bits(plan->keys[COUNT], counter((uint64_t)person(plan->center, day, slot, 0), 0));
    return poisson(mean, ((double)whole(random) + 0.5) / (double)WHOLE);
}

static void look_up(Run *run) {
    int64_t day = run->day++;
    Coming *coming = &run->coming[day & 1];
    int64_t again = 0;
    for (int64_t slot = 0; slot < SLOTS; slot++) {
        int64_t people = wanting(run->plan, day, slot);
        run->visits = grown(run, run->visits, &run->room, run->count + people + coming->count, sizeof(Visit));
        int64_t room = run->order_room;
        run->order = grown(run, run->order, &room, people, sizeof *run->order);
        run->at = grown(run, run->at, &run->order_room, people, sizeof *run->at);
        if (run->failed)
            return;
        put_in_order(run, day, slot, people);
        for (int64_t nth = 0; nth < people; nth++) {
            int64_t k = run->order[nth] & ((1 << PERSON_BITS) - 1);
            int64_t arrival = day * DAY + slot * SLOT + (run->order[nth] >> PERSON_BITS);
            int64_t citizen = person(run->plan->center, day, slot, k);
            while (again < coming->count && !later(&coming->rows[again], arrival, citizen))
                comer(run, &coming->rows[again++]);
            newcomer(run, citizen, run->citizens + k, arrival, run->at[k]);
        }
        run->citizens += people;
    }
    while (again < coming->count)
        comer(run, &coming->rows[again++]);
    coming->count = 0;
}

/* Home with something missing: back the day after the departure, if there is one. */
static void set_out(Run *run, const Visit *v) {
    const Plan *plan = run->plan;
    int64_t day = v->departure / DAY + 1;
    if (v->visit + 1 >= plan->visits || day >= plan->days)
        return;
    uint64_t at = counter((uint64_t)v->citizen, (uint64_t)v->visit + 1);
    const int64_t *limits = plan->return_times + plan->profile[day] * SLOTS;
    int64_t random = whole(bits(plan->keys[RETURN_TIME], at)), slot = 0;
    while (limits[slot] <= random)
        slot++;
    int64_t start = slot > 0 ? limits[slot - 1] : 0;
    double share = (double)(random - start) / (double)(limits[slot] - start);
    int64_t arrival = day * DAY + slot * SLOT + (int64_t)(share * (double)SLOT);
    Coming *coming = &run->coming[day & 1];
    coming->rows = grown(run, coming->rows, &coming->room, coming->count + 1, sizeof(Comer));
    if (run->failed)
        return;
    int64_t place = coming->count++;
    for (; place > 0 && later(&coming->rows[place - 1], arrival, v->citizen); place--)
        coming->rows[place] = coming->rows[place - 1];
    coming->rows[place] = (Comer){arrival, v->citizen, v->rank, (int8_t)(v->visit + 1), v->priority, v->field};
}

/* Lines, officials, dispatch: the clauses "order" and "choice" */

static void leave(Run *run, Visit *v, int64_t now, int outcome) {
    v->departure = now;
    v->outcome = (int8_t)outcome;
    if (outcome == LACKED)
        set_out(run, v);
}

static int64_t joined(const Visit *v) { return v->guide_end == NEVER ? v->arrival : v->guide_end; }

/* Behind all who joined before, and those of this instant with a smaller number. */
static void join(Run *run, int32_t number, int group, int64_t now) {
    Visit *visits = run->visits, *v = &visits[number];
    if (run->closed) {
        leave(run, v, now, TURNED_AWAY);
        return;
    }
    Line *line = &run->lines[group][v->priority];
    run->dirty |= 1u << group;
    v->next = NOBODY;
    if (line->head == NOBODY) {
        line->head = line->tail = number;
    } else if (line->tail < number || joined(&visits[line->tail]) < now) {
        visits[line->tail].next = number;
        line->tail = number;
    } else {
        int32_t *link = &line->head;
        while (joined(&visits[*link]) < now || *link < number)
            link = &visits[*link].next;
        v->next = *link;
        *link = number;
    }
}

static int64_t end_of_work(Run *run, int64_t start, int64_t work) {
    const Plan *plan = run->plan;
    const Step *steps = plan->network;
    while (run->step + 1 < plan->steps && steps[run->step + 1].time <= start)
        run->step++;
    int64_t step = run->step;
    if (plan->steps == 0 || (steps[step].speed == 1000 && (step + 1 == plan->steps || steps[step + 1].time >= start + work)))
        return start + work;
    int64_t target = steps[step].work + (start - steps[step].time) * steps[step].speed + 1000 * work;
    while (step + 1 < plan->steps && steps[step + 1].work < target)
        step++;
    return steps[step].time + (target - steps[step].work + steps[step].speed - 1) / steps[step].speed;
}

static int64_t least(const int64_t *values, int64_t from, int64_t to) {
    int64_t found = FAR_AWAY;
    for (int64_t n = from; n < to; n++)
        found = values[n] < found ? values[n] : found;
    return found;
}

static void call(Run *run, int group, int64_t now) {
    for (int priority = 0; priority < CLASSES; priority++) {
        Line *line = &run->lines[group][priority];
        while (line->head != NOBODY) {
            int64_t idle = least(run->idle, run->first[group], run->first[group + 1]);
            if (idle == FAR_AWAY)
                return;
            int official = (int)(idle & (MOST - 1));
            Visit *v = &run->visits[line->head];
            run->served[official] = line->head;
            run->idle[official] = FAR_AWAY;
            line->head = v->next;
            int64_t end;
            if (group == run->plan->fields) {
                v->guide_start = now, v->guide = (int8_t)official;
                end = now + v->guidance;
            } else {
                v->start = now, v->official = (int8_t)official;
                end = end_of_work(run, now, v->work);
            }
            run->ends[official] = end * MOST + official;
            if (run->ends[official] < run->soonest)
                run->soonest = run->ends[official];
        }
    }
}

static void free_now(Run *run, int official, int64_t now) {
    run->idle[official] = now * MOST + official;
    run->dirty |= 1u << run->group[official];
}

static void complete(Run *run, int64_t now) {
    int official = (int)(run->soonest & (MOST - 1)), group = run->group[official];
    int32_t number = run->served[official];
    Visit *v = &run->visits[number];
    run->ends[official] = FAR_AWAY;
    run->soonest = least(run->ends, 0, run->plan->officials);
    if (run->on_duty[official])
        free_now(run, official, now);
    if (group == run->plan->fields) {
        v->guide_end = now;
        join(run, number, v->field, now);
    } else {
        leave(run, v, now, v->lacks ? LACKED : SERVED);
    }
}

/* The calendar */

static void send_home(Run *run, int64_t now) {
    run->closed = 1;
    for (int group = 0; group <= run->plan->fields; group++)
        for (int priority = 0; priority < CLASSES; priority++) {
            Line *line = &run->lines[group][priority];
            for (int32_t number = line->head; number != NOBODY; number = run->visits[number].next)
                leave(run, &run->visits[number], now, TURNED_AWAY);
            line->head = NOBODY;
        }
}

static void apply(Run *run, const Change *change, int64_t now) {
    int official = change->subject;
    switch (change->kind) {
    case DUTY:
        run->on_duty[official] = change->value != 0;
        run->idle[official] = FAR_AWAY;
        if (change->value != 0 && run->ends[official] == FAR_AWAY)
            free_now(run, official, now);
        break;
    case DOOR:
        if (change->value != 0)
            run->closed = 0;
        break;
    case HOME:
        send_home(run, now);
        break;
    default: /* a limit: as many counters as officials */
        break;
    }
}

static void find_change(Run *run) {
    const Plan *plan = run->plan;
    while (run->change_day < plan->days) {
        int32_t program = plan->program[run->change_day];
        if (run->change < plan->programs[program + 1].changes) {
            run->change_at = run->change_day * DAY + plan->changes[run->change].time;
            return;
        }
        run->change_day++;
        if (run->change_day < plan->days)
            run->change = plan->programs[plan->program[run->change_day]].changes;
    }
    run->change_at = FAR_AWAY;
}

static void find_arrival(Run *run) {
    if (run->next < run->count)
        run->arrival_at = run->visits[run->next].arrival;
    else
        run->arrival_at = run->day < run->plan->days ? run->day * DAY : FAR_AWAY;
}

/* From instant to instant */

static void begin(Run *run, const Plan *plan) {
    memset(run, 0, sizeof *run);
    run->plan = plan;
    for (int official = 0; official < plan->officials; official++) {
        run->ends[official] = run->idle[official] = FAR_AWAY;
        run->group[official] = (uint8_t)plan->group[official];
        run->first[plan->group[official] + 1] = official + 1;
    }
    for (int group = 0; group <= plan->fields; group++)
        for (int priority = 0; priority < CLASSES; priority++)
            run->lines[group][priority].head = NOBODY;
    run->soonest = FAR_AWAY;
    run->closed = 1;
    run->change = plan->programs[plan->program[0]].changes;
    find_change(run);
    find_arrival(run);
    double people = 0;
    for (int64_t day = 0; day < plan->days; day++)
        people += plan->people[day];
    run->visits = grown(run, run->visits, &run->room, (int64_t)(1.25 * people), sizeof(Visit));
}

static int64_t earlier(int64_t one, int64_t other) { return one < other ? one : other; }

static void to_the_horizon(Run *run) {
    const Plan *plan = run->plan;
    int64_t horizon = plan->days * DAY;
    while (!run->failed) {
        int64_t now = earlier(earlier(run->soonest >> OFFICIAL_BITS, run->change_at), run->arrival_at);
        if (now >= horizon)
            return;
        while ((run->soonest >> OFFICIAL_BITS) == now)
            complete(run, now);
        while (run->change_at == now) {
            apply(run, &plan->changes[run->change++], now);
            find_change(run);
        }
        while (run->arrival_at == now && !run->failed) {
            if (run->next < run->count)
                join(run, (int32_t)run->next++, (int)plan->fields, now);
            else
                look_up(run);
            find_arrival(run);
        }
        for (unsigned group = 0; run->dirty >> group; group++)
            if ((run->dirty >> group) & 1)
                call(run, (int)group, now);
        run->dirty = 0;
    }
}

/* Simulates; NULL where there is no memory. sizes: citizens, visits. */
void *simulate(const Plan *plan, int64_t *sizes) {
    Run *run = malloc(sizeof *run);
    if (run == NULL)
        return NULL;
    begin(run, plan);
    to_the_horizon(run);
    free(run->order);
    free(run->at);
    free(run->coming[0].rows);
    free(run->coming[1].rows);
    if (run->failed) {
        free(run->visits);
        free(run);
        return NULL;
    }
    sizes[0] = run->citizens;
    sizes[1] = run->count;
    return run;
}

static int64_t tasks_of(const Plan *plan, const Visit *v, int64_t row, TaskRow *task) {
    int64_t guided = v->guide_end != NEVER ? v->guide_end : v->departure;
    task[0] = (TaskRow){row, (int16_t)plan->fields, 1, v->guide, v->arrival, v->guide_start, guided};
    if (v->guide_end == NEVER)
        return 1;
    task[1] = (TaskRow){row, v->field, 0, v->official, v->guide_end, v->start, v->departure};
    return 2;
}

/* Writes the rows in order and ends the run; how many tasks there are. first: zeros, citizens + 1; at: visits. */
int64_t rows(void *simulated, int64_t *first, int32_t *at, VisitRow *visits, TaskRow *tasks) {
    Run *run = simulated;
    int64_t count = 0;
    for (int64_t n = 0; n < run->count; n++)
        first[run->visits[n].rank + 1]++;
    for (int64_t rank = 0; rank < run->citizens; rank++)
        first[rank + 1] += first[rank];
    for (int64_t n = 0; n < run->count; n++)
        at[first[run->visits[n].rank] + run->visits[n].visit] = (int32_t)n;
    for (int64_t row = 0; row < run->count; row++) {
        const Visit *v = &run->visits[at[row]];
        visits[row] = (VisitRow){
            v->citizen, (int16_t)run->plan->center, v->visit, 0, v->field, v->priority, 0, 0, 1, v->outcome != SERVED,
            v->outcome, v->arrival, v->arrival, v->departure, 0,
        };
        count += tasks_of(run->plan, v, row, tasks + count);
    }
    free(run->visits);
    free(run);
    return count;
}
