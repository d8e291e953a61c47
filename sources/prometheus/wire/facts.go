package wire

import (
	"context"
	"net/url"
	"strings"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
)

// Server is what a server says that it is.
type Server struct {
	Product Product
	Version string // as it says, "" if it does not: VictoriaMetrics gives one of Prometheus
}

// Product is a kind of server.
type Product string

// Products that are told apart.
const (
	Prometheus      Product = "Prometheus"
	VictoriaMetrics Product = "VictoriaMetrics"
	Thanos          Product = "Thanos"
	Mimir           Product = "Mimir"
	Unknown         Product = ""
)

// Server asks a server what it is. One that does not say is Unknown, which is no error.
func (c *Client) Server(ctx context.Context) (Server, error) {
	var facts map[string]string
	_, err := c.ask(ctx, "status/buildinfo", nil, func(l *lexer) (said, error) {
		facts = map[string]string{}
		return readAnswer(l, func() error {
			return l.object(func(key []byte) (err error) {
				name := string(key)
				if l.peek() != '"' || len(facts) == maxTold {
					return l.skip()
				}
				facts[name], err = l.shown()
				return err
			})
		})
	})
	switch sources.ClassOf(err) {
	case sources.Cannot, sources.Refused:
		return Server{}, nil
	}
	out := Server{Product: product(facts)}
	if err == nil && len(facts) == 0 && c.exports(ctx) {
		out.Product = VictoriaMetrics
	}
	if out.Product != VictoriaMetrics {
		out.Version = c.line(facts["version"])
	}
	return out, err
}

// exports tells whether a server has the export of VictoriaMetrics, which said nothing of
// itself in old versions.
func (c *Client) exports(ctx context.Context) bool {
	nothing := url.Values{"match[]": {`{__name__="nines:none"}`}, "start": {"0"}, "end": {"1"}}
	_, err := c.ask(ctx, "export", nothing, func(l *lexer) (said, error) {
		return readExport(l, newFeed(newCatalog(), func(sample.Block) error { return nil }))
	})
	return err == nil
}

// product tells servers apart: VictoriaMetrics answers with a version of Prometheus and
// nothing else, Thanos has not reached 1.0.
func product(facts map[string]string) Product {
	_, built := facts["goVersion"]
	version := facts["version"]
	switch application := strings.ToLower(facts["application"]); {
	case strings.Contains(application, "mimir"), strings.Contains(application, "cortex"):
		return Mimir
	case version == "":
		return Unknown
	case !built && len(facts) == 1:
		return VictoriaMetrics
	case strings.HasPrefix(version, "0."):
		return Thanos
	}
	return Prometheus
}

// Type returns the type of a metric, counter, gauge, histogram or another word of the
// server's: of its family, if the server knows that alone. "" if it knows neither, or has
// several types of one name.
func (c *Client) Type(ctx context.Context, metric string) (string, error) {
	kind, err := c.typeOf(ctx, metric)
	for _, suffix := range []string{"_total", "_bucket", "_count", "_sum"} {
		if family, ok := strings.CutSuffix(metric, suffix); ok && kind == "" && err == nil {
			return c.typeOf(ctx, family)
		}
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
	return c.line(kinds[0]), nil
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
