package wire

import (
	"context"
	"net/url"
)

// Instant evaluates a query once, at a time in milliseconds since the epoch. The answer is
// a vector or a scalar, of at most 100,000 samples.
func (c *Client) Instant(ctx context.Context, query string, at int64) ([]Sample, Told, error) {
	var out []Sample
	form := c.extra(url.Values{"query": {query}, "time": {seconds(at)}})
	told, err := c.ask(ctx, "query", form, func(l *lexer) (said, error) {
		out = nil
		return readResult(l, []string{"vector", "scalar"}, func(kind string) error {
			if kind == "scalar" {
				at, v, err := l.point()
				out = []Sample{{Time: at, Value: v}}
				return err
			}
			return vector(l, &out)
		})
	})
	if err != nil {
		return nil, told, err
	}
	return out, told, nil
}
