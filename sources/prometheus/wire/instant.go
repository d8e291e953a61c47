package wire

import "context"

// Instant evaluates a query once, at a time in milliseconds since the epoch. The answer is
// a vector or a scalar, of at most 100,000 samples.
func (c *Client) Instant(ctx context.Context, query string, at int64) ([]Sample, Told, error) {
	panic("")
}
