// Package accesslog counts the requests in web servers' access logs.
//
// Every line is an event, empty, a directive, or unread. A line is read for a request
// if it fits its format as far as that request asks, has a time, and a status where
// the format has one: up to three digits, or a sign that there was none. A duration or
// a size that a condition asks for is a number, or says in the way of its format that
// there is none. Lines that cannot be read are counted and shown; over max_unread of all
// lines the request fails. Under that they are in doubt, at the time of the line before.
// One that is longer than 4 KiB counts by its size: against all bytes, and as many lines as
// it has room for. What else is asked changes none of that. Order does not matter: events count in the minute
// of their time. The last line of a file that is not packed, if it has no end, is not
// yet written: it is neither read nor unread unless it is all there.
//
// An event lacks a value that is empty or "-", or null in JSON; the status also if it is
// 0, 000 or -1, as of requests that were not answered, and the duration if a format with
// a name has -1. See package match for what conditions make of that, and package fold
// for what becomes of events that cannot be judged. Percentiles leave events without a
// duration out.
//
// A request that is no request line ("\x16\x03\x01", "-") was never sent: it surely has
// no method, path and protocol (match.Void), so that what scanners leave concerns no
// objective of a path. A path is the path of the URL as it was logged,
// without the query string, not percent-decoded. Times that nginx lists for
// several upstream servers are added up.
package accesslog

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/mask"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/clock"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/input"
	"github.com/nines-slo/nines/sources/match"
)

// Kind returns the kind `type: accesslog`.
func Kind() sources.Kind {
	return sources.Kind{
		SourceKind: spec.SourceKind{
			Name:  "accesslog",
			Doc:   "Access logs of web servers, proxies and load balancers: one line a request.",
			Keys:  keys(),
			SLI:   fold.Keys(),
			Check: check,
			Files: func(block spec.Block) spec.Value { return block.Get("path") },
		},
		Open: open,
	}
}

func keys() []spec.Key {
	return []spec.Key{
		{Name: "path", Type: spec.Texts, Required: true, Doc: `File, glob or list of them, relative to this file; plain, gzip or zstd; "-" is standard input.`},
		input.EncodingKey(),
		{Name: "format", Type: spec.Text, Doc: "combined if left out; " + strings.Join(presets(), ", ") + "; or the text of an nginx log_format or an Apache LogFormat."},
		{Name: "fields", Type: spec.TextMap, Doc: "For json, ltsv, w3c: names in the line of time, status, path, duration and so on; " +
			"dots reach into objects. duration_unit: ms is units: {duration: ms}."},
		{Name: "units", Type: spec.TextMap, Doc: "Unit of bare numbers in a duration, of any format: {duration: ms}; ns, us, ms, s, m or h. " +
			"The names are those of conditions: duration, upstream_time, or that of a variable."},
		{Name: "columns", Type: spec.Texts, Doc: "For w3c, cloudfront, cloudfront-realtime: the names of the columns in their order, " +
			"where no #Fields line says it."},
		{Name: "time_format", Type: spec.Text, Doc: "strftime layout of the times; left out, common log, ISO 8601 and epoch times are told apart by their shape."},
		{Name: "timezone", Type: spec.TimeZone, Doc: "Zone of times without an offset; the file's timezone if left out. AWS and W3C logs are in UTC."},
		fold.MaxUnread(),
	}
}

// check compiles the format and the conditions.
func check(block, sli spec.Block) diag.List {
	s, findings := readSpec(block)
	if findings.Errors() {
		return findings
	}
	l, err := s.compile()
	if err != nil {
		return append(findings, s.finding(block, err))
	}
	if sli.Is() {
		findings = append(findings, fold.Check(sli, l.resolve, l.known())...)
	}
	return findings
}

// readSpec reads what a block says about its lines.
func readSpec(block spec.Block) (lineSpec, diag.List) {
	s := lineSpec{fields: map[string]string{}}
	s.format, s.clock = block.Get("format").Text, block.Get("time_format").Text
	s.zone = block.Get("timezone").Zone(block.Zone)
	findings := append(input.CheckEncoding(block.Get("encoding")), s.columnNames(block.Get("columns"))...)
	if fields := block.Get("fields"); fields.Is() && !s.named() {
		f := diag.Errorf(fields.Pos, "accesslog/fields", "format %q does not name its values, so fields cannot", s.name())
		hint := "fields is for json, ltsv and w3c; in a log_format give the variable the name of what it holds"
		findings = append(findings, f.WithHint("%s", hint))
	}
	for _, f := range block.Get("fields").Fields {
		findings = append(findings, s.field(f)...)
	}
	for _, f := range block.Get("units").Fields {
		findings = append(findings, s.unit(f)...)
	}
	for _, name := range []string{"duration", "upstream_time"} {
		key := s.fields[name]
		_, known := unitOf(key)
		known = known || slices.ContainsFunc(s.units, func(u unitOfName) bool { return u.name == name })
		if key != "" && !known && (s.format == "json" || s.format == "ltsv") {
			pos := block.Get("fields").Get(name).Pos
			f := diag.Errorf(pos, "accesslog/unit", "fields: %s: the unit of %q is not known", name, key)
			findings = append(findings, f.WithHint("say it in the source: units: {%s: ms}; s, us and ns are units too", name))
		}
	}
	return s, findings
}

// columnNames reads the order of the columns.
func (s *lineSpec) columnNames(v spec.Value) diag.List {
	if !v.Is() {
		return nil
	}
	if !slices.Contains([]string{"w3c", "cloudfront", "cloudfront-realtime"}, s.format) {
		f := diag.Errorf(v.Pos, "accesslog/columns", "lines of format %q have no columns to name", s.name())
		return diag.List{f.WithHint("columns is for w3c, cloudfront and cloudfront-realtime")}
	}
	s.order = v.Strings()
	if !slices.Contains(s.order, "time") && !slices.Contains(s.order, "timestamp") {
		f := diag.Errorf(v.Pos, "accesslog/columns", "columns: none of them says when a request was")
		return diag.List{f.WithHint("name timestamp, or date and time")}
	}
	return nil
}

// named tells whether lines of the format name their values.
func (s lineSpec) named() bool {
	switch s.format {
	case "json", "ltsv", "w3c", "cloudfront", "cloudfront-realtime", "traefik", "caddy", "envoy-json":
		return true
	}
	return false
}

// field reads one entry of fields.
func (s *lineSpec) field(f spec.Field) diag.List {
	if name, ok := strings.CutSuffix(f.Key, "_unit"); ok && typeOf(name) == match.Duration { // as in units, beside the name
		return s.unit(spec.Field{Key: name, Pos: f.Pos, Value: f.Value})
	}
	if f.Key != timeField && !slices.Contains(canonical(), f.Key) {
		unknown := diag.Errorf(f.Pos, "accesslog/fields", "fields: %q is not a field of access logs", f.Key)
		names := strings.Join(canonical(), ", ")
		return diag.List{unknown.WithHint("they are time, %s; conditions take any other name of the line as it is", names)}
	}
	if mask.IsSecret(f.Value.Text) {
		secret := diag.Errorf(f.Value.Pos, "accesslog/fields",
			"fields: %s is the name of a secret, whose values findings and reports would show",
			diag.Quote(f.Value.Text))
		return diag.List{secret.WithHint("name another field; if this one is none of a secret, give it another name in the log")}
	}
	s.fields[f.Key] = f.Value.Text
	return nil
}

// unit reads one entry of units.
func (s *lineSpec) unit(f spec.Field) diag.List {
	unit, ok := match.UnitOf(f.Value.Text)
	if !ok {
		bad := diag.Errorf(f.Value.Pos, "accesslog/unit", "units: %s: %q is not a unit", f.Key, f.Value.Text)
		return diag.List{bad.WithHint("write ns, us, ms, s, m or h")}
	}
	s.units = append(s.units, unitOfName{name: strings.TrimPrefix(f.Key, "$"), unit: unit, pos: f.Pos})
	return nil
}

// finding says what is wrong with a format, its units or a time_format.
func (s lineSpec) finding(block spec.Block, err error) diag.Finding {
	if f, ok := errors.AsType[diag.Finding](err); ok {
		return f
	}
	if _, bad := clock.Compile(s.clock); s.clock != "" && bad != nil {
		return diag.Errorf(block.Get("time_format").Pos, "accesslog/time", "time_format %q: %v", s.clock, err).
			WithHint("%s", clock.Hint(s.clock, "%d/%b/%Y:%H:%M:%S %z", "31/Oct/2026:09:00:00 +0100"))
	}
	return diag.Errorf(block.Get("format").Pos, "accesslog/format", "format %q: %v", s.format, err).
		WithHint("formats are %s, the text of an nginx log_format or of an Apache LogFormat",
			strings.Join(presets(), ", "))
}

// source is one block of access logs.
type source struct {
	cfg  spec.Block
	env  sources.Env
	spec lineSpec
}

var _ sources.Source = (*source)(nil)

func open(_ context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
	s, findings := readSpec(cfg)
	if findings.Errors() {
		return nil, findings
	}
	if _, err := s.compile(); err != nil {
		return nil, diag.List{s.finding(cfg, err)}
	}
	return &source{cfg: cfg, env: env, spec: s}, nil
}

func (s lineSpec) name() string {
	if s.format == "" {
		return "combined"
	}
	return s.format
}
