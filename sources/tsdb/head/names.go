package head

import (
	"context"
	"strings"

	"github.com/nines-slo/nines/sources/sample"
)

// Names hands over the names of the metrics that have samples in a stretch of time. One
// may be handed over more than once.
func (h *Head) Names(ctx context.Context, from, to int64, take func(name string)) error {
	n := &names{from: max(from, h.from), to: to, of: map[uint64]string{}, all: map[string]string{}, take: take}
	if err := h.replay(ctx, "wal", n); err != nil {
		return err
	}
	n.from = from // the other log is that of what came late
	if err := h.replay(ctx, "wbl", n); err != nil {
		return err
	}
	return h.chunks(ctx, func(_ string, ref uint64, m mapped) {
		if m.From <= to && m.To >= from && (m.late || m.To >= h.from) {
			n.seen(ref)
		}
	})
}

// names are those of metrics of which no sample was seen yet.
type names struct {
	from, to int64
	of       map[uint64]string // by series
	all      map[string]string // each once
	take     func(name string)
}

func (n *names) series(ref uint64, l sample.Labels) {
	name := l.Get(sample.MetricName)
	held, ok := n.all[name]
	if !ok {
		held = strings.Clone(name)
		n.all[held] = held
	}
	n.of[ref] = held
}

func (n *names) wants(ref uint64) bool { return n.of[ref] != "" }

func (n *names) seen(ref uint64) {
	if name := n.of[ref]; name != "" {
		n.take(name)
		delete(n.of, ref)
	}
}

func (n *names) float(ref uint64, time int64, _ float64) {
	if time >= n.from && time <= n.to {
		n.seen(ref)
	}
}

func (n *names) histogram(ref uint64, time int64, _ sample.Histogram) { n.float(ref, time, 0) }

func (n *names) deleted(uint64, int64, int64) {}
