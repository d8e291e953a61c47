package accesslog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/clock"
)

// lineSpec is what a source's block says about its lines.
type lineSpec struct {
	format string            // a preset or a format text, empty for combined
	order  []string          // of the columns, where the file says it
	fields map[string]string // canonical field → name in the line
	units  []unitOfName
	clock  string         // strftime layout of times, empty: their shape says
	zone   *time.Location // of times that name none
}

// unitOfName is what the source says of the durations of a name.
type unitOfName struct {
	name string // canonical, or that of a variable
	unit time.Duration
	pos  diag.Pos
}

// compile returns the layout of a format. Every call returns one of its own,
// since fields are added to it as they are asked for.
func (s lineSpec) compile() (*layout, error) {
	l, err := s.base()
	if err != nil {
		return nil, err
	}
	for _, u := range s.units {
		if !l.setUnit(u.name, u.unit) {
			return nil, noDuration(l, u)
		}
	}
	if l.preset = slices.Contains(presets(), s.name()); l.preset {
		for i, v := range l.vars {
			if v.unit > 0 {
				l.vars[i].none = true
			}
		}
	}
	if l.preset && l.whole != nil { // nor does it end in text with blanks
		last := &l.whole.tokens[len(l.whole.tokens)-1]
		last.word = last.word || len(last.after) == 0
	}
	if s.zone != nil && !slices.Contains([]string{"w3c", "cloudfront", "cloudfront-realtime", "alb", "s3"}, s.format) {
		l.zone = s.zone
	}
	if s.clock != "" {
		l.stamp, err = clock.Compile(s.clock)
		if l.whole != nil && len(l.times) == 1 {
			l.whole.spaceTime(s.clock)
		}
	}
	return l, err
}

func (s lineSpec) base() (*layout, error) {
	name := s.name()
	if text, ok := texts()[name]; ok {
		return compileText(text)
	}
	own := map[string]func() (*layout, error){
		"json":                func() (*layout, error) { return s.keyed(jsonKeys, 0, newJSON, false) },
		"ltsv":                func() (*layout, error) { return s.keyed(ltsvKeys, 0, newLTSV, false) },
		"traefik":             func() (*layout, error) { return s.keyed(traefikKeys, time.Nanosecond, newJSON, true) },
		"caddy":               s.caddy,
		"envoy-json":          func() (*layout, error) { return s.keyed(envoyKeys, time.Millisecond, newJSON, true) },
		"alb":                 albLayout,
		"s3":                  s3Layout,
		"envoy":               func() (*layout, error) { return envoyLayout(envoyText) },
		"istio":               func() (*layout, error) { return envoyLayout(istioText) },
		"haproxy":             haproxyLayout,
		"nginx-proxy-manager": proxyManagerLayout,
		"vhost_combined":      vhostLayout,
		"cloudfront":          func() (*layout, error) { return s.columns(time.Second, '\t', cloudfrontColumns()) },
		"cloudfront-realtime": func() (*layout, error) { return s.columns(time.Second, '\t', realtimeColumns()) },
		"w3c":                 func() (*layout, error) { return s.columns(time.Millisecond, ' ', nil) },
	}
	if compile, ok := own[name]; ok {
		return compile()
	}
	return compileText(s.format)
}

func (s lineSpec) caddy() (*layout, error) {
	l, err := s.keyed(caddyKeys, time.Second, newJSON, true)
	if err == nil {
		l.setAside("logger", caddyAside)
	}
	return l, err
}

// compileText compiles a format text.
func compileText(text string) (*layout, error) {
	switch {
	case regexp.MustCompile(`\$[a-z{]`).MatchString(text) || strings.HasPrefix(text, "log_format "):
		return compileNginx(text)
	case strings.Contains(text, "%"):
		return compileApache(text)
	}
	return nil, fmt.Errorf("it is no name of a format and has neither $variables nor %%directives")
}

// keyed returns the layout of a format that names its values.
func (s lineSpec) keyed(names func(field string) []string, unit time.Duration, split func(*layout) splitter, status bool) (*layout, error) {
	l := newLayout(s.variables(names, unit), split)
	l.anyName, l.marks = true, s.marks(names)
	return l, l.seal(status)
}

// marks returns the names in a line, in small letters, that only a request has. A field
// within another may be missing with it.
func (s lineSpec) marks(usual func(field string) []string) (marks [][]byte) {
	mark := func(text string) { marks = append(marks, []byte(strings.ToLower(text))) }
	for _, field := range []string{"status", "request", "uri", "path", "method", "duration", "bytes"} {
		name, told := s.fields[field]
		if !told {
			if field != "duration" && field != "bytes" { // which a job has too
				for _, name := range usual(field) {
					mark(`"` + name + `"`)
				}
			}
			continue
		}
		path := strings.Split(name, ".")
		leaf := path[len(path)-1]
		mark(`"` + leaf + `"`)
		mark(leaf + ":") // of LTSV
		if len(path) > 1 {
			outer := path[len(path)-2]
			mark(`"` + outer + `":null`)
			mark(`"` + outer + `": null`)
		}
	}
	return marks
}

// columns returns the layout of a format whose columns a #Fields directive or the file
// names. Date and time are columns of their own, but for one that has a timestamp.
func (s lineSpec) columns(unit time.Duration, separator byte, names []string) (*layout, error) {
	if s.order != nil {
		names = s.order
	}
	vars := s.variables(w3cKeys, unit)
	if slices.Contains(names, "timestamp") {
		vars = append(vars, variable{name: "timestamp", keys: []string{"timestamp"}, field: timeField})
	} else {
		vars = append(vars,
			variable{name: "date", keys: []string{"date"}, field: timeField, clock: "%F"},
			variable{name: "time", keys: []string{"time"}, field: timeField, clock: "%T"})
	}
	l := newLayout(vars, func(l *layout) splitter { return newColumns(l, separator, names) })
	l.anyName, l.serial = true, true
	return l, l.seal(names == nil || s.fields["status"] != "" || slices.Contains(names, "sc-status"))
}

// variables returns those of the format, with the names of the file in
// place of the usual ones.
func (s lineSpec) variables(names func(field string) []string, unit time.Duration) []variable {
	vars := keyed(func(field string) []string {
		if name, ok := s.fields[field]; ok {
			return []string{name}
		}
		return names(field)
	}, unit)
	for i, v := range vars {
		if u, ok := unitOf(v.name); ok && s.fields[v.field] != "" {
			vars[i].unit = u
		}
	}
	return vars
}
