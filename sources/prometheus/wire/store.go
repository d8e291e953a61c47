package wire

import (
	"context"

	"github.com/nines-slo/nines/sources/sample"
)

// Store reads the samples that a server keeps, as they are.
type Store struct {
	// Told hears what the server said beside the answer to a query, if it said anything.
	// It is called from the goroutine that calls Select or Series. Nil: nobody does.
	Told func(q sample.Query, t Told)

	client *Client
	export bool
}

var _ sample.Store = (*Store)(nil)

// Samples returns a store that asks for selector[range] by instant queries, which
// every server answers. Staleness markers are not among the answers: where a series ended
// is to be told by the times of its samples alone.
func (c *Client) Samples() *Store { return &Store{client: c} }

// Export returns a store that asks VictoriaMetrics for its export. Staleness markers
// are among the answers; whatever else is not a number looks like one.
func (c *Client) Export() *Store { return &Store{client: c, export: true} }

// Select is sample.Store's.
func (s *Store) Select(ctx context.Context, queries []sample.Query, take func(query int, b sample.Block) error) error {
	panic("")
}

// Series is sample.Store's.
func (s *Store) Series(ctx context.Context, queries []sample.Query, take func(query int, l sample.Labels) error) error {
	panic("")
}

// Names is sample.Store's.
func (s *Store) Names(ctx context.Context, from, to int64) ([]string, error) { panic("") }
