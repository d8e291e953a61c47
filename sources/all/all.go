// Package all lists every kind of source. A new kind is one folder beside this
// one and one line here.
package all

import (
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/accesslog"
	"github.com/nines-slo/nines/sources/csv"
	"github.com/nines-slo/nines/sources/ndjson"
	"github.com/nines-slo/nines/sources/openmetrics"
	"github.com/nines-slo/nines/sources/prometheus"
	"github.com/nines-slo/nines/sources/synthetic"
	"github.com/nines-slo/nines/sources/tsdb"
)

// Kinds returns the kinds of source, by name.
func Kinds() []sources.Kind {
	return []sources.Kind{
		accesslog.Kind(),
		csv.Kind(),
		ndjson.Kind(),
		openmetrics.Kind(),
		prometheus.Kind(),
		synthetic.Kind(),
		tsdb.Kind(),
	}
}
