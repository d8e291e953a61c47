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

// Type returns the type of a metric, counter, gauge, histogram or another word of the
// server's: of its family, if the server knows that alone. "" if it knows neither, or has
// several types of one name.
func (c *Client) Type(ctx context.Context, metric string) (string, error) {
	kind, err := c.typeOf(ctx, metric)
	if family, part := sample.Family(metric); part != "" && kind == "" && err == nil {
		return c.typeOf(ctx, family)
	}
	return kind, err
}

func (c *Client) typeOf(ctx context.Context, metric string) (string, error) {
	var kinds []string
	_, err := c.ask(ctx, "metadata", url.Values{"metric": {metric}}, func(l *lexer) (said, error) {
		kinds = nil
		return readAnswer(l, func() error {
			return l.object(func(key []byte) error {
				if string(key) != metric {
					return l.skip()
				}
				return l.list(func() error { return metadata(l, &kinds) })
			})
		})
	})
	if err != nil || len(kinds) != 1 {
		return "", err
	}
	return kinds[0], nil
}

// metadata takes what is known of a metric, and keeps its type.
func metadata(l *lexer, kinds *[]string) error {
	return l.object(func(key []byte) error {
		if string(key) != "type" {
			return l.skip()
		}
		kind, err := l.shown()
		*kinds = merged(*kinds, []string{kind})
		return err
	})
}
