/*
 * CUDA, cuBLAS and cuDNN in plain loops, as far as nn/cuda calls them, for machines without a card:
 * RehearsalTest loads it in their place. It holds every call to its contract and ends the process at
 * the first breach: pointers of the device cannot be read by the host, and have to lie, with all
 * that is read or written, in memory that was allocated; descriptors have to fit each other; work
 * that is queued runs when it is waited for, not before; nothing may be allocated during a capture, nor
 * handles be destroyed.
 */
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEMAND(condition)                                                                  \
  do {                                                                                     \
    if (!(condition)) {                                                                    \
      printf("%s, line %d: %s does not hold\n", __func__, __LINE__, #condition);           \
      fflush(stdout);                                                                      \
      _exit(3);                                                                            \
    }                                                                                      \
  } while (0)

/* Memory. An address of the device is that of the host plus DEVICE, which the host cannot read. */

#define DEVICE (1L << 60)

struct region {
  char *start;
  size_t bytes;
  struct region *next;
};

static struct region *regions;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread int capturing;
static int captures; /* of all threads */

static int alone(void) {
  return __atomic_load_n(&captures, __ATOMIC_SEQ_CST) == 0;
}

static void *device(const void *address, size_t bytes) {
  char *start = (char *)address - DEVICE;
  int found = 0;
  pthread_mutex_lock(&lock);
  for (struct region *r = regions; r; r = r->next) {
    found |= start >= r->start && start + bytes <= r->start + r->bytes;
  }
  pthread_mutex_unlock(&lock);
  DEMAND(found);
  return start;
}

/* A tensor: kernels read sixteen bytes at once. */
static float *tensor(const void *address, long floats) {
  DEMAND((intptr_t)address % 16 == 0);
  return device(address, floats * sizeof(float));
}

int cudaMalloc(void **address, size_t bytes) {
  DEMAND(!capturing);
  struct region *r = malloc(sizeof *r);
  r->start = aligned_alloc(256, (bytes + 255) / 256 * 256);
  r->bytes = bytes;
  memset(r->start, 0xFF, bytes); /* NaN */
  pthread_mutex_lock(&lock);
  r->next = regions;
  regions = r;
  pthread_mutex_unlock(&lock);
  *address = r->start + DEVICE;
  return 0;
}

int cudaFree(void *address) {
  int found = 0;
  pthread_mutex_lock(&lock);
  for (struct region **at = &regions; *at; at = &(*at)->next) {
    if ((*at)->start + DEVICE == (char *)address) {
      struct region *gone = *at;
      *at = gone->next;
      free(gone->start);
      free(gone);
      found = 1;
      break;
    }
  }
  pthread_mutex_unlock(&lock);
  DEMAND(found);
  return 0;
}

int cudaMallocHost(void **address, size_t bytes) {
  *address = malloc(bytes);
  return 0;
}

int cudaFreeHost(void *address) {
  free(address);
  return 0;
}

/* Streams: calls are queued, or recorded in a graph, with a copy of their arguments. */

typedef void (*work)(void *arguments);

struct call {
  work run;
  char arguments[256];
};

struct graph {
  struct call *calls;
  int count;
};

struct stream {
  struct graph queued;
  struct graph *recording;
};

static void append(struct graph *to, struct call call) {
  if ((to->count & (to->count + 1)) == 0) {
    to->calls = realloc(to->calls, 2 * (to->count + 1) * sizeof call);
  }
  to->calls[to->count++] = call;
}

static int queue(struct stream *stream, work run, const void *arguments, size_t bytes) {
  struct call call = {.run = run};
  DEMAND(stream && bytes <= sizeof call.arguments);
  memcpy(call.arguments, arguments, bytes);
  append(stream->recording ? stream->recording : &stream->queued, call);
  return 0;
}
#define QUEUE(stream, run, arguments) queue(stream, (work)run, &arguments, sizeof arguments)

int cudaStreamCreateWithFlags(struct stream **stream, unsigned flags) {
  DEMAND(flags == 1); /* does not wait for the default stream */
  *stream = calloc(1, sizeof **stream);
  return 0;
}

int cudaStreamSynchronize(struct stream *stream) {
  DEMAND(!stream->recording);
  for (int i = 0; i < stream->queued.count; i++) {
    stream->queued.calls[i].run(stream->queued.calls[i].arguments);
  }
  stream->queued.count = 0;
  return 0;
}

int cudaStreamDestroy(struct stream *stream) {
  free(stream->queued.calls);
  free(stream);
  return 0;
}

int cudaStreamBeginCapture(struct stream *stream, int mode) {
  DEMAND(mode == 1 && !stream->recording); /* others threads are left in peace */
  stream->recording = calloc(1, sizeof(struct graph));
  capturing = 1;
  __atomic_add_fetch(&captures, 1, __ATOMIC_SEQ_CST);
  return 0;
}

int cudaStreamEndCapture(struct stream *stream, struct graph **graph) {
  DEMAND(stream->recording);
  *graph = stream->recording;
  stream->recording = NULL;
  capturing = 0;
  __atomic_sub_fetch(&captures, 1, __ATOMIC_SEQ_CST);
  return 0;
}

int cudaGraphInstantiateWithFlags(struct graph **ready, struct graph *graph, unsigned long long flags) {
  *ready = calloc(1, sizeof **ready);
  for (int i = 0; i < graph->count; i++) {
    append(*ready, graph->calls[i]);
  }
  return (int)flags;
}

int cudaGraphDestroy(struct graph *graph) {
  free(graph->calls);
  free(graph);
  return 0;
}

int cudaGraphExecDestroy(struct graph *graph) {
  return cudaGraphDestroy(graph);
}

int cudaGraphLaunch(struct graph *graph, struct stream *stream) {
  DEMAND(!stream->recording && graph->count > 0);
  for (int i = 0; i < graph->count; i++) {
    append(&stream->queued, graph->calls[i]);
  }
  return 0;
}

struct copy {
  void *to;
  const void *from;
  size_t bytes;
};

static void copy(struct copy *c) {
  memmove(c->to, c->from, c->bytes);
}

int cudaMemcpyAsync(void *to, const void *from, size_t bytes, int kind, struct stream *stream) {
  DEMAND(kind >= 1 && kind <= 3 && bytes > 0);
  struct copy c = {kind == 2 ? to : device(to, bytes), kind == 1 ? from : device(from, bytes), bytes};
  return QUEUE(stream, copy, c);
}

static void clear(struct copy *c) {
  memset(c->to, 0, c->bytes);
}

int cudaMemsetAsync(void *to, int value, size_t bytes, struct stream *stream) {
  DEMAND(value == 0);
  struct copy c = {device(to, bytes), NULL, bytes};
  return QUEUE(stream, clear, c);
}

/* What the machine is. */

int cudaGetDeviceCount(int *count) {
  *count = 1;
  return 0;
}

int cudaGetDeviceProperties(char *properties, int number) {
  DEMAND(number == 0);
  strcpy(properties, "plain loops"); /* the name comes first */
  return 0;
}

int cudaDriverGetVersion(int *version) {
  *version = 13010;
  return 0;
}

int cudaRuntimeGetVersion(int *version) {
  *version = 13010;
  return 0;
}

int cudaGetLastError(void) {
  return 0;
}

size_t cudnnGetVersion(void) {
  return 91900;
}

/* cuBLAS: matrices are stored by columns. */

struct blas {
  struct stream *stream;
  int onDevice;
  void *workspace;
};

int cublasCreate_v2(struct blas **blas) {
  *blas = calloc(1, sizeof **blas);
  return 0;
}

int cublasDestroy_v2(struct blas *blas) {
  DEMAND(alone()); /* it waits for the card, which breaks any capture */
  free(blas);
  return 0;
}

int cublasSetStream_v2(struct blas *blas, struct stream *stream) {
  blas->stream = stream;
  blas->workspace = NULL; /* which this resets */
  return 0;
}

int cublasSetWorkspace_v2(struct blas *blas, void *workspace, size_t bytes) {
  blas->workspace = device(workspace, bytes);
  return 0;
}

static int tf32; /* for all cards of a process */

int cublasSetMathMode(struct blas *blas, int mode) {
  DEMAND(blas && (mode == 2 || mode == 3)); /* pedantic, TF32 */
  tf32 = mode == 3;
  return 0;
}

int cublasSetPointerMode_v2(struct blas *blas, int mode) {
  blas->onDevice = mode;
  return 0;
}

struct product {
  int a_turned, b_turned, m, n, k, lda, ldb, ldc;
  float alpha, beta;
  const float *a, *b;
  float *c;
};

static void product(struct product *p) {
  for (int j = 0; j < p->n; j++) {
    for (int i = 0; i < p->m; i++) {
      double sum = 0;
      for (int l = 0; l < p->k; l++) {
        double a = p->a[p->a_turned ? l + (long)i * p->lda : i + (long)l * p->lda];
        double b = p->b[p->b_turned ? j + (long)l * p->ldb : l + (long)j * p->ldb];
        sum += a * b;
      }
      float *c = p->c + i + (long)j * p->ldc;
      *c = p->alpha * sum + (p->beta == 0 ? 0 : p->beta * *c);
    }
  }
}

int cublasSgemm_v2(struct blas *blas, int a_turned, int b_turned, int m, int n, int k, const float *alpha,
                   const void *a, int lda, const void *b, int ldb, const float *beta, void *c, int ldc) {
  DEMAND(blas->workspace && !blas->onDevice && a_turned <= 1 && b_turned <= 1);
  DEMAND(lda >= (a_turned ? k : m) && ldb >= (b_turned ? n : k) && ldc >= m);
  struct product p = {a_turned, b_turned, m, n, k, lda, ldb, ldc, *alpha, *beta,
                      tensor(a, (long)lda * ((a_turned ? m : k) - 1) + (a_turned ? k : m)),
                      tensor(b, (long)ldb * ((b_turned ? k : n) - 1) + (b_turned ? n : k)),
                      tensor(c, (long)ldc * (n - 1) + m)};
  DEMAND(p.c != p.a && p.c != p.b);
  return QUEUE(blas->stream, product, p);
}

struct vectors {
  int count;
  float alpha;
  const float *x, *y;
  float *to;
};

static void addMultiple(struct vectors *v) {
  for (int i = 0; i < v->count; i++) {
    v->to[i] += v->alpha * v->x[i];
  }
}

int cublasSaxpy_v2(struct blas *blas, int count, const float *alpha, const void *x, int xs, void *y, int ys) {
  DEMAND(!blas->onDevice && xs == 1 && ys == 1);
  struct vectors v = {count, *alpha, tensor(x, count), NULL, tensor(y, count)};
  return QUEUE(blas->stream, addMultiple, v);
}

static void dot(struct vectors *v) {
  double sum = 0;
  for (int i = 0; i < v->count; i++) {
    sum += (double)v->x[i] * v->y[i];
  }
  *v->to = sum;
}

int cublasSdot_v2(struct blas *blas, int count, const void *x, int xs, const void *y, int ys, void *sum) {
  DEMAND(blas->workspace && blas->onDevice && xs == 1 && ys == 1);
  struct vectors v = {count, 1, tensor(x, count), tensor(y, count), device(sum, sizeof(float))};
  return QUEUE(blas->stream, dot, v);
}

/* cuDNN's descriptors, of all kinds in one. */

struct shape {
  int n, c, h, w; /* of a tensor; of a kernel: output and input channels, height, width */
};

enum { TENSOR = 1, KERNEL, CONVOLUTION, POOLING, ACTIVATION, PRODUCT };

struct descriptor {
  int kind; /* negative until it is set */
  struct shape shape; /* a pooling window has height and width */
  int pad, step, gap, mode, math;
};

#define DESCRIPTOR(name, of)                                        \
  int cudnnCreate##name##Descriptor(struct descriptor **made) {     \
    *made = calloc(1, sizeof **made);                               \
    (*made)->kind = -of;                                            \
    return 0;                                                       \
  }                                                                 \
  int cudnnDestroy##name##Descriptor(struct descriptor *gone) {     \
    DEMAND(gone->kind == of);                                       \
    free(gone);                                                     \
    return 0;                                                       \
  }
DESCRIPTOR(Tensor, TENSOR)
DESCRIPTOR(Filter, KERNEL)
DESCRIPTOR(Convolution, CONVOLUTION)
DESCRIPTOR(Pooling, POOLING)
DESCRIPTOR(Activation, ACTIVATION)
DESCRIPTOR(OpTensor, PRODUCT)

static int set(struct descriptor *d, int kind, struct descriptor to) {
  DEMAND(d->kind == -kind);
  to.kind = kind;
  *d = to;
  return 0;
}

static struct shape positive(int n, int c, int h, int w) {
  DEMAND(n > 0 && c > 0 && h > 0 && w > 0);
  return (struct shape){n, c, h, w};
}

int cudnnSetTensor4dDescriptor(struct descriptor *d, int layout, int type, int n, int c, int h, int w) {
  DEMAND(layout == 0 && type == 0); /* NCHW, float */
  return set(d, TENSOR, (struct descriptor){.shape = positive(n, c, h, w)});
}

int cudnnSetFilter4dDescriptor(struct descriptor *d, int type, int layout, int k, int c, int h, int w) {
  DEMAND(layout == 0 && type == 0);
  return set(d, KERNEL, (struct descriptor){.shape = positive(k, c, h, w)});
}

int cudnnSetConvolution2dDescriptor(struct descriptor *d, int padH, int padW, int stepH, int stepW, int gapH,
                                    int gapW, int mode, int type) {
  DEMAND(padH == padW && stepH == stepW && gapH == gapW && stepH > 0 && gapH > 0 && padH >= 0);
  DEMAND(mode == 1 && type == 0); /* cross-correlation */
  return set(d, CONVOLUTION, (struct descriptor){.pad = padH, .step = stepH, .gap = gapH, .math = -1});
}

int cudnnSetConvolutionMathType(struct descriptor *d, int math) {
  DEMAND(d->kind == CONVOLUTION);
  d->math = math;
  return 0;
}

int cudnnSetPooling2dDescriptor(struct descriptor *d, int mode, int nan, int h, int w, int padV, int padH,
                                int stepV, int stepH) {
  DEMAND(nan == 1 && padV == padH && stepV == stepH && stepV > 0);
  DEMAND(mode == 2 || mode == 3); /* the mean of what is inside, the largest (deterministic) */
  struct descriptor to = {.shape = {1, 1, h, w}, .pad = padV, .step = stepV, .gap = 1, .mode = mode};
  return set(d, POOLING, to);
}

int cudnnSetActivationDescriptor(struct descriptor *d, int mode, int nan, double bound) {
  DEMAND((mode == 1 || mode == 2) && nan == 1 && bound == 0); /* ReLU, tanh */
  return set(d, ACTIVATION, (struct descriptor){.mode = mode});
}

int cudnnSetOpTensorDescriptor(struct descriptor *d, int operation, int type, int nan) {
  DEMAND(operation == 1 && type == 0 && nan == 1);
  return set(d, PRODUCT, (struct descriptor){0});
}

static long count(struct shape s) {
  return (long)s.n * s.c * s.h * s.w;
}

static struct shape of(const struct descriptor *d, int kind) {
  DEMAND(d->kind == kind);
  return d->shape;
}

static int equal(struct shape a, struct shape b) {
  return a.n == b.n && a.c == b.c && a.h == b.h && a.w == b.w;
}

static float *data(const struct descriptor *d, const void *address) {
  return tensor(address, count(of(d, TENSOR)));
}

int cudnnCreate(struct stream ***dnn) {
  *dnn = calloc(1, sizeof **dnn);
  return 0;
}

int cudnnSetStream(struct stream **dnn, struct stream *stream) {
  *dnn = stream;
  return 0;
}

int cudnnDestroy(struct stream **dnn) {
  DEMAND(alone());
  free(dnn);
  return 0;
}

static void store(float *to, long i, float alpha, double value, float beta) {
  to[i] = alpha * value + (beta == 0 ? 0 : beta * to[i]);
}

/* Convolutions and pools. */

enum direction { FORWARD, BACK, KERNEL_BACK };

struct window {
  struct shape x, y, k;
  int pad, step, gap, mode;
  enum direction direction;
  float alpha, beta;
  const float *a, *b, *c;
  float *to;
};

static struct window window(const struct descriptor *d, struct shape x, struct shape k, struct shape y) {
  struct window w = {.x = x, .y = y, .k = k, .pad = d->pad, .step = d->step, .gap = d->gap, .mode = d->mode};
  DEMAND(y.n == x.n);
  DEMAND(y.h == (x.h + 2 * w.pad - w.gap * (k.h - 1) - 1) / w.step + 1);
  DEMAND(y.w == (x.w + 2 * w.pad - w.gap * (k.w - 1) - 1) / w.step + 1);
  return w;
}

/* One output row and one row of the kernel: of which input row, which outputs meet it. */
#define EACH_TAP(w, iy, ix, oy, ox, ky, kx)                                    \
  for (int oy = 0; oy < w->y.h; oy++)                                          \
    for (int ky = 0, iy; ky < w->k.h; ky++)                                    \
      if ((iy = oy * w->step - w->pad + ky * w->gap) >= 0 && iy < w->x.h)      \
        for (int ox = 0; ox < w->y.w; ox++)                                    \
          for (int kx = 0, ix; kx < w->k.w; kx++)                              \
            if ((ix = ox * w->step - w->pad + kx * w->gap) >= 0 && ix < w->x.w)

static void convolution(struct window *w) {
  struct shape whole = w->direction == FORWARD ? w->y : w->direction == BACK ? w->x : w->k;
  double *sums = calloc(count(whole), sizeof(double));
  for (int n = 0; n < w->x.n; n++) {
    for (int o = 0; o < w->y.c; o++) {
      for (int i = 0; i < w->x.c; i++) {
        long x = ((long)n * w->x.c + i) * w->x.h * w->x.w;
        long y = ((long)n * w->y.c + o) * w->y.h * w->y.w;
        long k = ((long)o * w->x.c + i) * w->k.h * w->k.w;
        EACH_TAP(w, iy, ix, oy, ox, ky, kx) {
          long ofX = x + iy * w->x.w + ix;
          long ofY = y + oy * w->y.w + ox;
          long ofK = k + ky * w->k.w + kx;
          if (w->direction == FORWARD) {
            sums[ofY] += (double)w->a[ofX] * w->b[ofK];
          } else if (w->direction == BACK) {
            sums[ofX] += (double)w->a[ofY] * w->b[ofK];
          } else {
            sums[ofK] += (double)w->a[ofX] * w->b[ofY];
          }
        }
      }
    }
  }
  for (long i = 0; i < count(whole); i++) {
    store(w->to, i, w->alpha, sums[i], w->beta);
  }
  free(sums);
}

static struct window convolved(const struct descriptor *x, const struct descriptor *k,
                               const struct descriptor *d, const struct descriptor *y) {
  DEMAND(d->kind == CONVOLUTION && d->math >= 0);
  struct window w = window(d, of(x, TENSOR), of(k, KERNEL), of(y, TENSOR));
  DEMAND(w.k.n == w.y.c && w.k.c == w.x.c);
  return w;
}

struct algorithm {
  int number, status;
  float milliseconds;
  size_t bytes;
  int deterministic, math, reserved[3];
};

enum { FMA = 3, DEFAULT = 0, GOOD = 1, FAILING = 4 };

static int isMath(const struct descriptor *d) {
  return d->math == (tf32 ? DEFAULT : FMA);
}

/* The first is not deterministic, the second does not exist here, the third needs too much memory,
 * the fourth fails when it is run. */
static int candidates(int most, int *found, struct algorithm *to) {
  DEMAND(most >= 5);
  to[0] = (struct algorithm){.number = 0, .deterministic = 0, .math = DEFAULT};
  to[1] = (struct algorithm){.number = 2, .status = 3000, .deterministic = 1, .math = DEFAULT};
  to[2] = (struct algorithm){.number = 3, .deterministic = 1, .math = DEFAULT};
  to[3] = (struct algorithm){.number = FAILING, .deterministic = 1, .math = DEFAULT};
  to[4] = (struct algorithm){.number = GOOD, .deterministic = 1, .math = DEFAULT};
  *found = 5;
  return 0;
}

static int scratch(const struct descriptor *d, int algorithm, size_t *bytes) {
  DEMAND(isMath(d) && (algorithm == 3 || algorithm == FAILING || algorithm == GOOD));
  *bytes = algorithm == 3 ? 1L << 40 : 1024;
  return 0;
}

static int convolve(struct stream **dnn, struct window w, enum direction direction, const struct descriptor *d,
                    int algorithm, void *space, size_t bytes, const float *alpha, const float *beta) {
  DEMAND(isMath(d) && bytes >= 1024 && device(space, bytes));
  if (algorithm == FAILING) {
    DEMAND(!capturing);
    return 5000;
  }
  DEMAND(algorithm == GOOD);
  DEMAND(w.to != w.a && w.to != w.b);
  w.direction = direction;
  w.alpha = *alpha;
  w.beta = *beta;
  return QUEUE(*dnn, convolution, w);
}

typedef const struct descriptor *D;

int cudnnGetConvolutionForwardAlgorithm_v7(struct stream **dnn, D x, D k, D d, D y, int most, int *found,
                                           struct algorithm *to) {
  DEMAND(*dnn);
  convolved(x, k, d, y);
  return candidates(most, found, to);
}

int cudnnGetConvolutionForwardWorkspaceSize(struct stream **dnn, D x, D k, D d, D y, int algorithm,
                                            size_t *bytes) {
  DEMAND(*dnn);
  convolved(x, k, d, y);
  return scratch(d, algorithm, bytes);
}

int cudnnConvolutionForward(struct stream **dnn, const float *alpha, D xs, const void *x, D ks, const void *k,
                            D d, int algorithm, void *space, size_t bytes, const float *beta, D ys, void *y) {
  struct window w = convolved(xs, ks, d, ys);
  w.a = data(xs, x);
  w.b = tensor(k, count(w.k));
  w.to = data(ys, y);
  return convolve(dnn, w, FORWARD, d, algorithm, space, bytes, alpha, beta);
}

int cudnnGetConvolutionBackwardDataAlgorithm_v7(struct stream **dnn, D k, D y, D d, D x, int most, int *found,
                                                struct algorithm *to) {
  DEMAND(*dnn);
  convolved(x, k, d, y);
  return candidates(most, found, to);
}

int cudnnGetConvolutionBackwardDataWorkspaceSize(struct stream **dnn, D k, D y, D d, D x, int algorithm,
                                                 size_t *bytes) {
  DEMAND(*dnn);
  convolved(x, k, d, y);
  return scratch(d, algorithm, bytes);
}

int cudnnConvolutionBackwardData(struct stream **dnn, const float *alpha, D ks, const void *k, D ys,
                                 const void *dy, D d, int algorithm, void *space, size_t bytes,
                                 const float *beta, D xs, void *dx) {
  struct window w = convolved(xs, ks, d, ys);
  w.a = data(ys, dy);
  w.b = tensor(k, count(w.k));
  w.to = data(xs, dx);
  return convolve(dnn, w, BACK, d, algorithm, space, bytes, alpha, beta);
}

int cudnnGetConvolutionBackwardFilterAlgorithm_v7(struct stream **dnn, D x, D y, D d, D k, int most, int *found,
                                                  struct algorithm *to) {
  DEMAND(*dnn);
  convolved(x, k, d, y);
  return candidates(most, found, to);
}

int cudnnGetConvolutionBackwardFilterWorkspaceSize(struct stream **dnn, D x, D y, D d, D k, int algorithm,
                                                   size_t *bytes) {
  DEMAND(*dnn);
  convolved(x, k, d, y);
  return scratch(d, algorithm, bytes);
}

int cudnnConvolutionBackwardFilter(struct stream **dnn, const float *alpha, D xs, const void *x, D ys,
                                   const void *dy, D d, int algorithm, void *space, size_t bytes,
                                   const float *beta, D ks, void *dk) {
  struct window w = convolved(xs, ks, d, ys);
  w.a = data(xs, x);
  w.b = data(ys, dy);
  w.to = tensor(dk, count(w.k));
  return convolve(dnn, w, KERNEL_BACK, d, algorithm, space, bytes, alpha, beta);
}

static struct window pooled(D d, D x, D y) {
  DEMAND(d->kind == POOLING);
  struct window w = window(d, of(x, TENSOR), d->shape, of(y, TENSOR));
  DEMAND(w.y.c == w.x.c);
  return w;
}

/* a is x, and when going back b is y and c its gradient. */
static void pool(struct window *w) {
  long inside = (long)w->x.h * w->x.w;
  double *back = calloc(inside, sizeof(double));
  for (long map = 0; map < (long)w->x.n * w->x.c; map++) {
    const float *x = w->a + map * inside;
    memset(back, 0, inside * sizeof(double));
    for (int oy = 0; oy < w->y.h; oy++) {
      for (int ox = 0; ox < w->y.w; ox++) {
        long place = (map * w->y.h + oy) * w->y.w + ox;
        long largest = -1;
        int in = 0;
        double sum = 0;
        for (int both = 0; both < 2; both++) { /* first all are counted, then shared among */
          for (int k = 0; k < w->k.h * w->k.w; k++) {
            int iy = oy * w->step - w->pad + k / w->k.w;
            int ix = ox * w->step - w->pad + k % w->k.w;
            if (iy >= 0 && iy < w->x.h && ix >= 0 && ix < w->x.w) {
              long at = (long)iy * w->x.w + ix;
              if (both == 0) {
                in++;
                sum += x[at];
                largest = largest < 0 || x[at] > x[largest] ? at : largest;
              } else if (w->direction == BACK && w->mode == 2) {
                back[at] += w->c[place] / in;
              }
            }
          }
        }
        double y = w->mode == 2 ? sum / in : x[largest];
        if (w->direction == FORWARD) {
          store(w->to, place, w->alpha, y, w->beta);
        } else if (w->mode == 3) {
          DEMAND(y == w->b[place] || isnan(y)); /* before the first upload */
          back[largest] += w->c[place];
        }
      }
    }
    for (long i = 0; w->direction == BACK && i < inside; i++) {
      store(w->to, map * inside + i, w->alpha, back[i], w->beta);
    }
  }
  free(back);
}

int cudnnPoolingForward(struct stream **dnn, D d, const float *alpha, D xs, const void *x, const float *beta,
                        D ys, void *y) {
  struct window w = pooled(d, xs, ys);
  w.alpha = *alpha;
  w.beta = *beta;
  w.a = data(xs, x);
  w.to = data(ys, y);
  return QUEUE(*dnn, pool, w);
}

int cudnnPoolingBackward(struct stream **dnn, D d, const float *alpha, D ys, const void *y, D dys,
                         const void *dy, D xs, const void *x, const float *beta, D dxs, void *dx) {
  DEMAND(equal(of(ys, TENSOR), of(dys, TENSOR)) && equal(of(xs, TENSOR), of(dxs, TENSOR)));
  struct window w = pooled(d, xs, ys);
  w.direction = BACK;
  w.alpha = *alpha;
  w.beta = *beta;
  w.a = data(xs, x);
  w.b = data(ys, y);
  w.c = data(dys, dy);
  w.to = data(dxs, dx);
  return QUEUE(*dnn, pool, w);
}

/* Value by value. */

struct values {
  struct shape shape;
  int mode, byChannel;
  float alpha, beta;
  const float *a, *b, *c;
  float *to;
};

static void activate(struct values *v) {
  for (long i = 0; i < count(v->shape); i++) {
    store(v->to, i, v->alpha, v->mode == 1 ? fmaxf(0, v->a[i]) : tanh(v->a[i]), v->beta);
  }
}

int cudnnActivationForward(struct stream **dnn, D d, const float *alpha, D xs, const void *x,
                           const float *beta, D ys, void *y) {
  DEMAND(d->kind == ACTIVATION && equal(of(xs, TENSOR), of(ys, TENSOR)));
  struct values v = {of(xs, TENSOR), d->mode, 0, *alpha, *beta, data(xs, x), NULL, NULL, data(ys, y)};
  return QUEUE(*dnn, activate, v);
}

static void activateBack(struct values *v) {
  for (long i = 0; i < count(v->shape); i++) {
    double slope = v->mode == 1 ? v->a[i] > 0 : 1 - (double)v->b[i] * v->b[i];
    store(v->to, i, v->alpha, v->c[i] * slope, v->beta);
  }
}

int cudnnActivationBackward(struct stream **dnn, D d, const float *alpha, D ys, const void *y, D dys,
                            const void *dy, D xs, const void *x, const float *beta, D dxs, void *dx) {
  DEMAND(d->kind == ACTIVATION && equal(of(xs, TENSOR), of(ys, TENSOR)));
  DEMAND(equal(of(xs, TENSOR), of(dys, TENSOR)) && equal(of(xs, TENSOR), of(dxs, TENSOR)));
  struct values v = {of(xs, TENSOR), d->mode, 0, *alpha, *beta, data(xs, x), data(ys, y), data(dys, dy),
                     data(dxs, dx)};
  return QUEUE(*dnn, activateBack, v);
}

static long channel(struct shape s, long i) {
  return i / ((long)s.h * s.w) % s.c;
}

static int isByChannel(struct shape small, struct shape whole) {
  int by = equal(small, (struct shape){1, whole.c, 1, 1});
  DEMAND(by || equal(small, whole));
  return by;
}

static void multiply(struct values *v) {
  for (long i = 0; i < count(v->shape); i++) {
    long ofB = v->byChannel ? channel(v->shape, i) : i;
    store(v->to, i, v->alpha, (double)v->a[i] * v->b[ofB], v->beta);
  }
}

int cudnnOpTensor(struct stream **dnn, D d, const float *alpha1, D as, const void *a, const float *alpha2,
                  D bs, const void *b, const float *beta, D cs, void *c) {
  DEMAND(d->kind == PRODUCT && equal(of(as, TENSOR), of(cs, TENSOR)) && b != c);
  struct shape s = of(as, TENSOR);
  struct values v = {s, 0, isByChannel(of(bs, TENSOR), s), *alpha1 * *alpha2, *beta, data(as, a), data(bs, b),
                     NULL, data(cs, c)};
  return QUEUE(*dnn, multiply, v);
}

static void add(struct values *v) {
  for (long i = 0; i < count(v->shape); i++) {
    store(v->to, i, v->alpha, v->a[v->byChannel ? channel(v->shape, i) : i], v->beta);
  }
}

int cudnnAddTensor(struct stream **dnn, const float *alpha, D as, const void *a, const float *beta, D cs,
                   void *c) {
  struct shape s = of(cs, TENSOR);
  struct values v = {s, 0, isByChannel(of(as, TENSOR), s), *alpha, *beta, data(as, a), NULL, NULL, data(cs, c)};
  return QUEUE(*dnn, add, v);
}

static void sumChannels(struct values *v) {
  double *sums = calloc(v->shape.c, sizeof(double));
  for (long i = 0; i < count(v->shape); i++) {
    sums[channel(v->shape, i)] += v->a[i];
  }
  for (int c = 0; c < v->shape.c; c++) {
    store(v->to, c, v->alpha, sums[c], v->beta);
  }
  free(sums);
}

int cudnnConvolutionBackwardBias(struct stream **dnn, const float *alpha, D xs, const void *x,
                                 const float *beta, D sums, void *to) {
  struct shape s = of(xs, TENSOR);
  DEMAND(equal(of(sums, TENSOR), (struct shape){1, s.c, 1, 1}));
  struct values v = {s, 0, 1, *alpha, *beta, data(xs, x), NULL, NULL, data(sums, to)};
  return QUEUE(*dnn, sumChannels, v);
}

/* Batch normalisation, channel by channel. */

struct normalisation {
  struct shape shape;
  float alpha, beta;
  double rate, epsilon;
  const float *x, *scale, *shift, *mean, *variance, *dy;
  float *to, *savedMean, *savedInverse, *movingMean, *movingVariance, *dScale, *dShift;
};

static struct normalisation normalisation(int mode, const float *alpha, const float *beta, D xs, D ys, D cs,
                                          double epsilon) {
  struct shape s = of(xs, TENSOR);
  DEMAND(mode == 1 && equal(s, of(ys, TENSOR))); /* one mean a channel */
  DEMAND(equal(of(cs, TENSOR), (struct shape){1, s.c, 1, 1}) && epsilon > 0);
  return (struct normalisation){.shape = s, .alpha = *alpha, .beta = *beta, .epsilon = epsilon};
}

static void normaliseBy(struct normalisation *n) {
  for (long i = 0; i < count(n->shape); i++) {
    long c = channel(n->shape, i);
    double y = n->scale[c] * (n->x[i] - (double)n->mean[c]) / sqrt(n->variance[c] + n->epsilon) + n->shift[c];
    store(n->to, i, n->alpha, y, n->beta);
  }
}

int cudnnBatchNormalizationForwardInference(struct stream **dnn, int mode, const float *alpha,
                                            const float *beta, D xs, const void *x, D ys, void *y, D cs,
                                            const void *scale, const void *shift, const void *mean,
                                            const void *variance, double epsilon) {
  struct normalisation n = normalisation(mode, alpha, beta, xs, ys, cs, epsilon);
  n.x = data(xs, x);
  n.to = data(ys, y);
  n.scale = data(cs, scale);
  n.shift = data(cs, shift);
  n.mean = data(cs, mean);
  n.variance = data(cs, variance);
  return QUEUE(*dnn, normaliseBy, n);
}

static void normalise(struct normalisation *n) {
  long each = count(n->shape) / n->shape.c;
  double *means = calloc(2 * n->shape.c, sizeof(double));
  double *squares = means + n->shape.c;
  for (long i = 0; i < count(n->shape); i++) {
    means[channel(n->shape, i)] += n->x[i] / (double)each;
  }
  for (long i = 0; i < count(n->shape); i++) {
    double off = n->x[i] - means[channel(n->shape, i)];
    squares[channel(n->shape, i)] += off * off;
  }
  for (int c = 0; c < n->shape.c; c++) {
    n->savedMean[c] = means[c];
    n->savedInverse[c] = 1 / sqrt(squares[c] / each + n->epsilon);
    if (n->movingMean) {
      store(n->movingMean, c, n->rate, means[c], 1 - n->rate);
      store(n->movingVariance, c, n->rate, squares[c] / (each - 1), 1 - n->rate);
    }
  }
  for (long i = 0; i < count(n->shape); i++) {
    long c = channel(n->shape, i);
    double y = n->scale[c] * (n->x[i] - means[c]) * n->savedInverse[c] + n->shift[c];
    store(n->to, i, n->alpha, y, n->beta);
  }
  free(means);
}

int cudnnBatchNormalizationForwardTraining(struct stream **dnn, int mode, const float *alpha, const float *beta,
                                           D xs, const void *x, D ys, void *y, D cs, const void *scale,
                                           const void *shift, double rate, void *movingMean,
                                           void *movingVariance, double epsilon, void *savedMean,
                                           void *savedInverse) {
  struct normalisation n = normalisation(mode, alpha, beta, xs, ys, cs, epsilon);
  DEMAND(!movingMean == !movingVariance);
  n.rate = rate;
  n.x = data(xs, x);
  n.to = data(ys, y);
  n.scale = data(cs, scale);
  n.shift = data(cs, shift);
  n.movingMean = movingMean ? data(cs, movingMean) : NULL;
  n.movingVariance = movingVariance ? data(cs, movingVariance) : NULL;
  n.savedMean = data(cs, savedMean);
  n.savedInverse = data(cs, savedInverse);
  return QUEUE(*dnn, normalise, n);
}

static void normaliseBack(struct normalisation *n) {
  long each = count(n->shape) / n->shape.c;
  double *shifts = calloc(2 * n->shape.c, sizeof(double));
  double *scales = shifts + n->shape.c;
  for (int pass = 0; pass < 2; pass++) {
    for (long i = 0; i < count(n->shape); i++) {
      long c = channel(n->shape, i);
      double normalised = (n->x[i] - (double)n->mean[c]) * n->variance[c];
      if (pass == 0) {
        shifts[c] += n->dy[i];
        scales[c] += n->dy[i] * normalised;
      } else {
        double dx = n->dy[i] - (shifts[c] + normalised * scales[c]) / each;
        store(n->to, i, n->alpha, n->scale[c] * (double)n->variance[c] * dx, n->beta);
      }
    }
  }
  for (int c = 0; c < n->shape.c; c++) {
    n->dScale[c] = scales[c];
    n->dShift[c] = shifts[c];
  }
  free(shifts);
}

int cudnnBatchNormalizationBackward(struct stream **dnn, int mode, const float *alpha, const float *beta,
                                    const float *alphaOfParameters, const float *betaOfParameters, D xs,
                                    const void *x, D dys, const void *dy, D dxs, void *dx, D cs,
                                    const void *scale, void *dScale, void *dShift, double epsilon,
                                    const void *mean, const void *inverse) {
  struct normalisation n = normalisation(mode, alpha, beta, xs, dys, cs, epsilon);
  DEMAND(*alphaOfParameters == 1 && *betaOfParameters == 0 && equal(n.shape, of(dxs, TENSOR)));
  n.x = data(xs, x);
  n.dy = data(dys, dy);
  n.to = data(dxs, dx);
  n.scale = data(cs, scale);
  n.dScale = data(cs, dScale);
  n.dShift = data(cs, dShift);
  n.mean = data(cs, mean);
  n.variance = data(cs, inverse);
  return QUEUE(*dnn, normaliseBack, n);
}
