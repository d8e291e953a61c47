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
	condition   slo.Condition // Limit of spent is the share still
	test        Field
	long, short Value
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
func (r *alertReader) condition(v Value, p *alertPolicy) {
	if !r.sound && len(Check(v, r.keys)) > 0 {
		return // reported with the document
	}
	before := r.found.len()
	test, field, ok := r.oneTest(v)
	if !ok {
		return
	}
	c := alertCondition{test: field, condition: slo.Condition{Test: test.test}}
	r.windows(v, test, &c)
	r.limit(&c)
	if r.found.errorsSince(before) {
		return
	}
	if i := slices.IndexFunc(p.when, c.same); i >= 0 {
		same := diag.Errorf(field.Pos, "alert/same",
			"the condition at %s has the same test and windows", p.when[i].test.Pos)
		r.found.add(same.WithHint("any condition fires the policy, so the laxer of the two decides: remove the other"))
	}
	p.when = append(p.when, c)
}

// oneTest returns the one key of v that says what is tested.
func (r *alertReader) oneTest(v Value) (test alertTest, field Field, ok bool) {
	for _, f := range v.Fields {
		t, is := testOf(f.Key)
		switch {
		case !is:
		case ok:
			second := diag.Errorf(f.Pos, "alert/test",
				"%s cannot stand beside %s: a condition has one test", f.Key, field.Key)
			r.found.add(second.WithHint("make it an entry of its own: any of them fires the policy"))
			return test, field, false
		default:
			test, field, ok = t, f, true
		}
	}
	if !ok {
		none := diag.Errorf(v.Pos, "alert/test", "this condition tests nothing")
		r.found.add(none.WithHint("add one of %s", strings.Join(testKeys(), ", ")))
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
	a, b := c.condition, other.condition
	return a.Test == b.Test && a.Long == b.Long && a.Short == b.Short && a.Within == b.Within
}

// windows reads long and short.
func (r *alertReader) windows(v Value, t alertTest, c *alertCondition) {
	c.long, c.short = v.Get("long"), v.Get("short")
	r.needless(c.long, t.long, "long", t.key)
	r.needless(c.short, t.short, "short", t.key)
	if !t.long {
		return
	}
	if !c.long.Is() {
		missing := diag.Errorf(c.test.Pos, "alert/long", "%s needs long, the time that it looks at", t.key)
		r.found.add(missing.WithHint("add long: 1h"))
		return
	}
	c.condition.Long = r.found.minutes(c.long, "long")
	if t.short && c.condition.Long > 0 {
		r.short(c)
	}
}

// short reads the short window of a condition that may have one.
func (r *alertReader) short(c *alertCondition) {
	switch {
	case !c.short.Is():
		c.condition.Short = r.twelfth(c)
	case c.short.Text != noLength:
		c.condition.Short = r.found.minutes(c.short, "short")
	}
	if c.condition.Short >= c.condition.Long {
		tooLong := diag.Errorf(c.short.Pos, "alert/short", "short %s is not shorter than long %s",
			diag.Quote(c.short.Text), diag.Quote(c.long.Text))
		r.found.add(tooLong.WithHint("a twelfth of long is usual; short: none looks at long alone"))
	}
}

// twelfth returns the short window where it is left out, as in the SRE Workbook,
// chapter 5.
func (r *alertReader) twelfth(c *alertCondition) time.Duration {
	short := c.condition.Long / 12
	if short%time.Minute != 0 {
		uneven := diag.Errorf(c.long.Pos, "alert/short",
			"short is left out, and a twelfth of long %s is not whole minutes", diag.Quote(c.long.Text))
		next := short.Truncate(time.Minute) + time.Minute
		r.found.add(uneven.WithHint("add short: %s, or short: none to look at long alone", slo.FormatDuration(next)))
	}
	return short
}

func (r *alertReader) needless(v Value, has bool, name, key string) {
	if v.Is() && !has {
		needless := diag.Errorf(v.Pos, "alert/"+name, "%s has no meaning beside %s", name, key)
		r.found.add(needless.WithHint("remove it"))
	}
}

// limit reads the value of the test.
func (r *alertReader) limit(c *alertCondition) {
	v, key := c.test.Value, c.test.Key
	limit := slo.Number{}
	switch key {
	case "burn", "acceleration":
		limit = r.found.positive(v, key)
	case "spent", "events":
		limit = r.share(v.Text)
		if limit.Sign() == 0 {
			r.found.add(diag.Errorf(v.Pos, "spec/value", "%s %s must be over 0", key, diag.Quote(v.Text)))
		}
	case "remaining":
		limit = r.share(v.Text)
	case "exhausted_within", "no_data":
		if v.Text != untilEnd {
			c.condition.Within = r.found.minutes(v, key)
		}
	}
	if key == "acceleration" && limit.Sign() > 0 && limit.Cmp(slo.NumberOf(1)) <= 0 {
		low := diag.Warnf(v.Pos, "alert/low", "acceleration %s is true while nothing gets worse", diag.Quote(v.Text))
		r.found.add(low.WithHint("write 2 for a burn rate that more than doubles"))
	}
	c.condition.Limit = limit
}

// share returns a share from 0 to 100 %. Most conditions of a document say one of few.
func (r *alertReader) share(text string) slo.Number {
	share, known := r.shares[text]
	if !known {
		share, _ = parseFraction(text)
		r.shares[text] = share
	}
	return share
}
