package wire

import (
	"slices"
	"strings"
	"sync"

	"github.com/nines-slo/nines/sources/sample"
)

const (
	maxSeries    = sample.MaxSeries
	maxLabelSize = 32 << 20 // bytes of the labels of one query
)

// catalog numbers the series of one query, whose requests share it.
type catalog struct {
	lock   sync.Mutex
	number map[string]int
	labels []sample.Labels
	size   int
}

func newCatalog() *catalog { return &catalog{number: map[string]int{}} }

// find returns the number of a series and its labels as they were first seen.
func (c *catalog) find(l sample.Labels) (int, sample.Labels, error) {
	var key strings.Builder
	for _, label := range l {
		key.WriteString(label.Name)
		key.WriteByte(0xff) // in no text that is UTF-8
		key.WriteString(label.Value)
		key.WriteByte(0xff)
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	n, known := c.number[key.String()]
	if known {
		return n, c.labels[n], nil
	}
	c.size += 2 * key.Len()
	switch {
	case len(c.labels) == maxSeries:
		return 0, nil, refused("the answer has over %d series: %s", maxSeries, sample.FewerSeries)
	case c.size > maxLabelSize:
		return 0, nil, refused("the labels of the answer's series take over %d MiB", maxLabelSize>>20)
	}
	n = len(c.labels)
	c.number[key.String()] = n
	c.labels = append(c.labels, l)
	return n, l, nil
}

// forget lets go of all series: nothing more is asked, or the query failed.
func (c *catalog) forget() {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.number, c.labels, c.size = map[string]int{}, nil, 0
}

// readLabels takes the labels of a series.
func readLabels(l *lexer) (sample.Labels, error) {
	var out sample.Labels
	err := l.object(func(key []byte) error {
		name := string(key)
		value, err := l.str(maxText)
		if err == nil && len(value) > 0 {
			out = append(out, sample.Label{Name: name, Value: string(value)})
		}
		if err == nil && len(out) > maxLabels {
			err = refused("the answer has a series of over %d labels", maxLabels)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	byName := func(a, b sample.Label) int { return strings.Compare(a.Name, b.Name) }
	slices.SortStableFunc(out, byName)
	for i := 1; i < len(out); i++ {
		if out[i].Name == out[i-1].Name {
			return nil, refused("the answer has a series with two labels %q", out[i].Name)
		}
	}
	return out, nil
}

const maxLabels = 1000 // of one series
