package spec

import (
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// alertCondition is an entry of `when`.
type alertCondition struct {
	slo.Condition // Limit of spent is the share still
	test          Field
	long, short   Value // short: that of long where it is left out
}

// alertTest is what a key of a condition tests, and the windows it looks at.
type alertTest struct {
	key         string
	test        slo.Test
	long, short bool
}

func alertTests() []alertTest {
	return []alertTest{
		{"burn", slo.Burn, true, true},
		{"spent", slo.Burn, true, true},
		{"events", slo.Events, true, true},
		{"acceleration", slo.Acceleration, true, false},
		{"remaining", slo.Remaining, false, false},
		{"exhausted_within", slo.Exhaustion, true, false},
		{"no_data", slo.Silence, false, false},
	}
}

// testOf returns what a key tests; false if it is another key.
func testOf(key string) (alertTest, bool) {
	tests := alertTests()
	i := slices.IndexFunc(tests, func(t alertTest) bool { return t.key == key })
	if i < 0 {
		return alertTest{}, false
	}
	return tests[i], true
}

// condition reads an entry of `when` into p, if it is right.
func (d *document) condition(v Value, p *alertPolicy) {
	if len(Check(v, conditionKeys())) > 0 {
		return // reported with the document
	}
	before := len(d.findings)
	test, field, ok := d.oneTest(v)
	if !ok {
		return
	}
	c := alertCondition{test: field, Condition: slo.Condition{Test: test.test}}
	d.windows(v, test, &c)
	d.limit(&c)
	if d.findings[before:].Errors() {
		return
	}
	if i := slices.IndexFunc(p.when, c.same); i >= 0 {
		d.add(diag.Errorf(field.Pos, "alert/same", "the condition at %s has the same test and windows", p.when[i].test.Pos).
			WithHint("any condition fires the policy, so the laxer of the two decides: remove the other"))
	}
	p.when = append(p.when, c)
}

// oneTest returns the one key of v that says what is tested.
func (d *document) oneTest(v Value) (test alertTest, field Field, ok bool) {
	for _, f := range v.Fields {
		t, is := testOf(f.Key)
		switch {
		case !is:
		case ok:
			d.add(diag.Errorf(f.Pos, "alert/test", "%s cannot stand beside %s: a condition has one test", f.Key, field.Key).
				WithHint("make it an entry of its own: any of them fires the policy"))
			return test, field, false
		default:
			test, field, ok = t, f, true
		}
	}
	if !ok {
		d.add(diag.Errorf(v.Pos, "alert/test", "this condition tests nothing").WithHint("add one of %s", strings.Join(testKeys(), ", ")))
	}
	return test, field, ok
}

func testKeys() []string {
	var keys []string
	for _, t := range alertTests() {
		keys = append(keys, t.key)
	}
	return keys
}

// same tells whether of c and other one alone decides: only their limits differ.
func (c alertCondition) same(other alertCondition) bool {
	a, b := c.Condition, other.Condition
	return a.Test == b.Test && a.Long == b.Long && a.Short == b.Short && a.Within == b.Within
}

// windows reads long and short.
func (d *document) windows(v Value, t alertTest, c *alertCondition) {
	c.long, c.short = v.Get("long"), v.Get("short")
	d.needless(c.long, t.long, "long", t.key)
	d.needless(c.short, t.short, "short", t.key)
	if !t.long {
		return
	}
	if !c.long.Is() {
		d.add(diag.Errorf(c.test.Pos, "alert/long", "%s needs long, the time that it looks at", t.key).WithHint("add long: 1h"))
		return
	}
	c.Long = d.minutes(c.long, "long")
	if !t.short || c.Long == 0 {
		return
	}
	if c.short.Is() {
		c.Short = d.minutes(c.short, "short")
	} else {
		d.twelfth(c)
	}
	if c.Short >= c.Long {
		d.add(diag.Errorf(c.short.Pos, "alert/short", "short %s is not shorter than long %s", diag.Quote(c.short.Text), diag.Quote(c.long.Text)).
			WithHint("a twelfth of long is usual"))
	}
}

// twelfth is the short window where it is left out, as in the SRE Workbook,
// chapter 5.
func (d *document) twelfth(c *alertCondition) {
	c.Short = c.Long / 12
	if c.Short%time.Minute != 0 {
		d.add(diag.Errorf(c.long.Pos, "alert/short", "short is left out, and a twelfth of long %s is not whole minutes", diag.Quote(c.long.Text)).
			WithHint("add short: %s", slo.FormatDuration(c.Short.Truncate(time.Minute)+time.Minute)))
	}
}

func (d *document) needless(v Value, has bool, name, key string) {
	if v.Is() && !has {
		d.add(diag.Errorf(v.Pos, "alert/"+name, "%s has no meaning beside %s", name, key).WithHint("remove it"))
	}
}

// minutes returns a time of whole minutes, 0 if there is none.
func (d *document) minutes(v Value, name string) time.Duration {
	length := v.Duration()
	if length%time.Minute != 0 {
		d.add(diag.Errorf(v.Pos, "alert/minutes", "%s %s must be whole minutes", name, diag.Quote(v.Text)))
		return 0
	}
	return length
}

// limit reads the value of the test.
func (d *document) limit(c *alertCondition) {
	v, key := c.test.Value, c.test.Key
	switch key {
	case "burn", "acceleration":
		c.Limit = d.positive(v, key)
	case "spent", "events":
		c.Limit, _ = parseFraction(v.Text)
		if c.Limit.Sign() == 0 {
			d.add(diag.Errorf(v.Pos, "spec/value", "%s %s must be over 0", key, diag.Quote(v.Text)))
		}
	case "remaining":
		c.Limit, _ = parseFraction(v.Text)
	case "exhausted_within", "no_data":
		if v.Text != untilEnd {
			c.Within = d.minutes(v, key)
		}
	}
	if key == "acceleration" && c.Limit.Sign() > 0 && c.Limit.Cmp(slo.NumberOf(1)) <= 0 {
		d.add(diag.Warnf(v.Pos, "alert/low", "acceleration %s is true while nothing gets worse", diag.Quote(v.Text)).WithHint("write 2 for a burn rate that more than doubles"))
	}
}
