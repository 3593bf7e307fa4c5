/* The same campaigns, written the straightforward way in C: what the compiled engine is measured against.
 * Build: cc -O3 -shared -fPIC -o reference.so reference.c -lm */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define GAMMA 0x9E3779B97F4A7C15ULL
#define MAX_ARMS 64

static inline uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}
static inline double unit(uint64_t bits) { return (double)(int64_t)(bits >> 11) * 0x1p-53; }
static inline double open_unit(uint64_t bits) { return ((double)(int64_t)(bits >> 11) + 0.5) * 0x1p-53; }
static inline uint64_t stream(uint64_t seed, uint64_t replication, uint64_t purpose) {
    return mix(mix(mix(seed + GAMMA) + replication * GAMMA) + purpose * GAMMA);
}
static inline int responds(uint64_t responses, int64_t t, int64_t arm, const double *rates) {
    return unit(mix(responses + ((uint64_t)t * 64 + (uint64_t)arm + 1) * GAMMA)) < rates[arm];
}

/* Total regret over all replications; ties at random, no forced first sends, rates start at 0. */
double epsilon_greedy(const double *rates, int64_t K, int64_t sends, int64_t replications, uint64_t seed, double epsilon,
                      int64_t *sent_out) {
    double regret = 0.0, best_rate = 0.0;
    for (int64_t a = 0; a < K; a++) best_rate = rates[a] > best_rate ? rates[a] : best_rate;
    for (int64_t r = 0; r < replications; r++) {
        double mean[MAX_ARMS] = {0}, won[MAX_ARMS] = {0}, sent[MAX_ARMS] = {0};
        uint64_t responses = stream(seed, r, 1), own = stream(seed, r, 2);
        for (int64_t t = 0; t < sends; t++) {
            uint64_t key = own + (uint64_t)t * (GAMMA << 14);
            int64_t arm = 0;
            if (unit(mix(key)) < epsilon) {
                arm = (int64_t)(unit(mix(key + GAMMA)) * (double)K);
            } else {
                double best = -1.0;
                int64_t ties = 0;
                for (int64_t a = 0; a < K; a++) {
                    if (mean[a] > best) { best = mean[a]; arm = a; ties = 1; }
                    else if (mean[a] == best) ties++;
                }
                if (ties > 1) {
                    int64_t n = (int64_t)(unit(mix(key + GAMMA)) * (double)ties);
                    for (int64_t a = arm; a < K; a++)
                        if (mean[a] == best && n-- == 0) { arm = a; break; }
                }
            }
            sent[arm] += 1.0;
            won[arm] += responds(responses, t, arm, rates);
            mean[arm] = won[arm] / sent[arm];
            regret += best_rate - rates[arm];
        }
        for (int64_t a = 0; a < K; a++) sent_out[a] += (int64_t)sent[a];
    }
    return regret / (double)replications;
}

/* Total regret over all replications; each arm once, then mean + sqrt(2 ln t / n), t the sends so far, ties at random. */
double ucb1(const double *rates, int64_t K, int64_t sends, int64_t replications, uint64_t seed, double unused, int64_t *sent_out) {
    (void)unused;
    double regret = 0.0, best_rate = 0.0;
    for (int64_t a = 0; a < K; a++) best_rate = rates[a] > best_rate ? rates[a] : best_rate;
    for (int64_t r = 0; r < replications; r++) {
        double mean[MAX_ARMS] = {0}, won[MAX_ARMS] = {0}, sent[MAX_ARMS] = {0}, bound[MAX_ARMS];
        uint64_t responses = stream(seed, r, 1), own = stream(seed, r, 2);
        for (int64_t t = 0; t < sends; t++) {
            double log_t = log((double)t), best = -1.0;
            int64_t arm = 0, ties = 0;
            for (int64_t a = 0; a < K; a++) {
                bound[a] = sent[a] > 0.0 ? mean[a] + sqrt(2.0 * log_t / sent[a]) : INFINITY;
                if (bound[a] > best) { best = bound[a]; arm = a; ties = 1; }
                else if (bound[a] == best) ties++;
            }
            if (ties > 1) {
                int64_t n = (int64_t)(unit(mix(own + (uint64_t)t * (GAMMA << 14))) * (double)ties);
                for (int64_t a = arm; a < K; a++)
                    if (bound[a] == best && n-- == 0) { arm = a; break; }
            }
            sent[arm] += 1.0;
            won[arm] += responds(responses, t, arm, rates);
            mean[arm] = won[arm] / sent[arm];
            regret += best_rate - rates[arm];
        }
        for (int64_t a = 0; a < K; a++) sent_out[a] += (int64_t)sent[a];
    }
    return regret / (double)replications;
}

/* Ziggurat of 256 layers, tables made by the caller as Doornik (2005) describes. */
static double edges[257], ratios[256];
void set_tables(const double *e, const double *r) { memcpy(edges, e, sizeof edges); memcpy(ratios, r, sizeof ratios); }

static double normal(uint64_t *key) {
    for (;;) {
        uint64_t bits = mix(*key += GAMMA);
        unsigned layer = bits & 255;
        double u = 2.0 * unit(bits) - 1.0, x = u * edges[layer];
        if (fabs(u) < ratios[layer]) return x;
        if (layer == 0) {
            double far = -log(open_unit(mix(*key += GAMMA))) / 3.6541528853610088;
            if (-2.0 * log(open_unit(mix(*key += GAMMA))) > far * far) return u > 0 ? 3.6541528853610088 + far : -3.6541528853610088 - far;
        } else {
            double outer = exp(-0.5 * (edges[layer] * edges[layer] - x * x)), inner = exp(-0.5 * (edges[layer + 1] * edges[layer + 1] - x * x));
            if (inner + unit(mix(*key += GAMMA)) * (outer - inner) < 1.0) return x;
        }
    }
}
static double gamma_draw(double shape, uint64_t *key) {
    double d = shape - 1.0 / 3.0, c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        double x = normal(key), v = 1.0 + c * x;
        if (v <= 0.0) continue;
        v = v * v * v;
        double u = open_unit(mix(*key += GAMMA)), square = x * x;
        if (u < 1.0 - 0.0331 * square * square || log(u) < 0.5 * square + d * (1.0 - v + log(v))) return d * v;
    }
}

/* Total regret over all replications; uniform prior, exact Beta draws by two Gamma draws. */
double thompson(const double *rates, int64_t K, int64_t sends, int64_t replications, uint64_t seed, double unused, int64_t *sent_out) {
    (void)unused;
    double regret = 0.0, best_rate = 0.0;
    for (int64_t a = 0; a < K; a++) best_rate = rates[a] > best_rate ? rates[a] : best_rate;
    for (int64_t r = 0; r < replications; r++) {
        double hits[MAX_ARMS], misses[MAX_ARMS];
        for (int64_t a = 0; a < K; a++) hits[a] = misses[a] = 1.0;
        uint64_t responses = stream(seed, r, 1), own = stream(seed, r, 2);
        for (int64_t t = 0; t < sends; t++) {
            uint64_t key = own + (uint64_t)t * (GAMMA << 14);
            double best = -1.0;
            int64_t arm = 0;
            for (int64_t a = 0; a < K; a++) {
                double x = gamma_draw(hits[a], &key), y = gamma_draw(misses[a], &key), draw = x / (x + y);
                if (draw > best) { best = draw; arm = a; }
            }
            if (responds(responses, t, arm, rates)) hits[arm] += 1.0; else misses[arm] += 1.0;
            regret += best_rate - rates[arm];
            sent_out[arm]++;
        }
    }
    return regret / (double)replications;
}
