package wire

import (
	"context"
	"net/url"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
)

// Exports asks whether a server has the export of VictoriaMetrics. One that does not say what
// it is has none, which is no error.
func (c *Client) Exports(ctx context.Context) (bool, error) {
	var facts map[string]bool
	_, err := c.ask(ctx, "status/buildinfo", nil, func(l *lexer) (said, error) {
		facts = map[string]bool{}
		return readAnswer(l, func() error {
			return l.object(func(key []byte) error {
				if len(facts) < maxTold {
					facts[string(key)] = true
				}
				return l.skip()
			})
		})
	})
	switch sources.ClassOf(err) {
	case sources.Cannot, sources.Refused:
		return false, nil
	}
	if err != nil {
		return false, err
	}
	// VictoriaMetrics answers with a version of Prometheus and nothing else, in old versions
	// with nothing at all.
	return len(facts) == 1 && facts["version"] || len(facts) == 0 && c.exportsNothing(ctx), nil
}

// exportsNothing tells whether a server answers the export of a metric that is not there.
func (c *Client) exportsNothing(ctx context.Context) bool {
	nothing := url.Values{"match[]": {`{__name__="nines:none"}`}, "start": {"0"}, "end": {"1"}}
	_, err := c.ask(ctx, "export", nothing, func(l *lexer) (said, error) {
		return readExport(l, newFeed(newCatalog(), func(sample.Block) error { return nil }))
	})
	return err == nil
}
