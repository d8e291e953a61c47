package table

import (
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/bucket"
	"github.com/nines-slo/nines/sources/clock"
	"github.com/nines-slo/nines/sources/input"
	"github.com/nines-slo/nines/sources/match"
)

// Columns that every table is asked for, by their place in Row.Values.
const (
	colStamp = iota
	colGood
	colBad
	colTotal
	coreColumns
)

// config is what the block of a source says.
type config struct {
	block     spec.Block
	step      time.Duration
	zone      *time.Location // whose midnight steps are counted from
	stampZone *time.Location // of stamps without an offset; nil refuses them
	layout    clock.Layout   // of stamps; nil: RFC 3339 or Unix time
	core      [coreColumns]string
	usual     bool   // the column of times is called as such are anywhere
	duration  string // the column that conditions call duration
	units     map[string]time.Duration
}

func newConfig(block spec.Block) (config, diag.List) {
	c := config{block: block, step: time.Minute, units: map[string]time.Duration{}}
	c.zone = block.Get("timezone").Zone(block.Zone)
	if block.Get("timezone").Is() {
		c.stampZone = c.zone
	}
	findings := append(input.CheckEncoding(block.Get("encoding")), c.readLayout(block.Get("time_format"))...)
	if v := block.Get("step"); v.Is() {
		c.step = v.Duration()
		findings = append(findings, checkStep(v)...)
	}
	findings = append(findings, c.readColumns(block.Get("columns"))...)
	c.usual = ofTime(c.core[colStamp])
	return c, append(findings, c.readUnits(block.Get("units"))...)
}

// readLayout reads the key time_format.
func (c *config) readLayout(v spec.Value) diag.List {
	if !v.Is() {
		return nil
	}
	layout, err := clock.CompileDate(v.Text)
	if err != nil {
		f := diag.Errorf(v.Pos, "table/time", "time_format %q: %v", v.Text, err)
		return diag.List{f.WithHint("%s", clock.Hint(v.Text, "%Y/%m/%d %H:%M", "2026/10/31 09:00"))}
	}
	if c.layout = layout; !layout.Zoned() && c.stampZone == nil {
		f := diag.Errorf(v.Pos, "table/time", "time_format %q says no zone", v.Text)
		return diag.List{f.WithHint("say in the source which one the times are of: timezone: Europe/Berlin")}
	}
	return nil
}

// parse reads the time of a row.
func (c *config) parse(text []byte) (stamp, *bucket.Fault) {
	if c.layout != nil {
		return parseLayout(text, c.layout, c.stampZone)
	}
	return parseStamp(text, c.stampZone)
}

func checkStep(v spec.Value) diag.List {
	step := v.Duration()
	short := step >= time.Second && step%time.Second == 0 && step < time.Minute && time.Minute%step == 0
	if short || step >= time.Minute && step%time.Minute == 0 && 24*time.Hour%step == 0 {
		return nil
	}
	return diag.List{diag.Errorf(v.Pos, "table/step", "step %q is neither whole minutes that divide 24h nor whole seconds that divide 1m",
		v.Text).
		WithHint("write for example 1m, 5m, 1h or 24h; rows every 5s or 30s are added up to minutes")}
}

func (c *config) readColumns(v spec.Value) (findings diag.List) {
	named := func(role string) string {
		if name := v.Get(role).Text; name != "" {
			return name
		}
		return role
	}
	for i, role := range []string{"timestamp", "good", "bad", "total"} {
		c.core[i] = named(role)
		if first := slices.Index(c.core[:i], c.core[i]); first >= 0 {
			pos := v.Get(role).Pos
			findings = append(findings, diag.Errorf(pos, "table/columns", "column %q is named twice", c.core[i]).
				WithHint("timestamp, good, bad and total are columns of their own"))
		}
	}
	c.duration = named("duration")
	return findings
}

func (c *config) readUnits(v spec.Value) (findings diag.List) {
	for _, f := range v.Fields {
		unit, ok := match.UnitOf(f.Value.Text)
		if !ok {
			bad := diag.Errorf(f.Value.Pos, "table/unit", "unit %q of column %q is not one", f.Value.Text, f.Key)
			findings = append(findings, bad.WithHint("write ns, us, ms, s, m or h"))
		}
		c.units[f.Key] = unit
	}
	return findings
}

// field returns how conditions read the column of that name, without its index.
// Bare numbers in durations are seconds unless the key units or the column's
// name says otherwise.
func (c *config) field(column string) match.Field {
	unit, ok := c.units[column]
	if !ok && column == c.duration {
		unit, ok = c.units["duration"]
	}
	if ok {
		return match.Field{Type: match.Duration, Unit: unit}
	}
	if cut := strings.LastIndexByte(column, '_'); cut > 0 {
		switch suffix := column[cut+1:]; suffix {
		case "ns", "us", "ms":
			unit, _ := match.UnitOf(suffix)
			return match.Field{Type: match.Duration, Unit: unit}
		}
	}
	if column == c.duration || strings.HasSuffix(column, "_seconds") {
		return match.Field{Type: match.Duration, Unit: time.Second}
	}
	return match.Field{Type: match.Any, Unit: time.Second}
}

// countsRows tells whether a request for all events may be answered by counting
// rows: where they state no count, and nothing says that they should.
func (c *config) countsRows(r sources.Request) bool {
	columns := c.block.Get("columns")
	return r.Count == spec.Total && !isEvents(r.SLI.Value) && !c.block.Get("step").Is() &&
		!columns.Get("good").Is() && !columns.Get("bad").Is() && !columns.Get("total").Is()
}

// column returns the column that conditions call name.
func (c *config) column(name string) string {
	if name == "duration" {
		return c.duration
	}
	return name
}
