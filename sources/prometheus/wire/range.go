package wire

import (
	"context"
	"time"

	"github.com/nines-slo/nines/sources/sample"
)

// Range is a query that is evaluated once a step.
type Range struct {
	Query    string
	From, To int64         // the first and the last evaluation, in milliseconds since the epoch; From is a multiple of Step
	Step     time.Duration // whole milliseconds
	Lookback time.Duration // how old a sample may be, where the server takes it; 0: as the server has it
}

// Range evaluates queries and hands over their points: query is the index of one. Points
// of one series and query come once each; blocks of several stretches of time may come in
// any order. take is called from the calling goroutine, and its error ends the work and is
// returned. What is wrong with one query is a sample.QueryError; what was handed over of
// that one is of no use. What the server says of a query is returned in any case.
func (c *Client) Range(ctx context.Context, queries []Range, take func(query int, b sample.Block) error) ([]Told, error) {
	panic("")
}
