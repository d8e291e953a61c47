package report_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/deploy"
)

func TestDeploysOfReport(t *testing.T) {
	r := reporttest.Deployed(unit.English)
	var got []string
	for _, d := range r.Deploys {
		e := d.Effects[0]
		got = append(got, fmt.Sprintf("%s: %d, %s %s %s", d.Name, len(d.Effects), e.Objective, e.Verdict, e.Reason))
	}
	want := []string{
		"v7.1: 2, checkout/latency not_likely pace",
		"v7.2: 2, checkout/latency likely worse",
		"v7.3: 2, checkout/latency not_likely as_before",
		"kernel update: 14, login/availability cannot_tell unmeasured",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if line := words.DeployHeadline(r.Language, r.Deploys); !strings.HasPrefix(line, "1 of 4 deploys likely cost error budget, most of all v7.2: ") || !strings.HasSuffix(line, "; 1 could not be judged.") {
		t.Errorf("headline %q", line)
	}
	if r.DeployHours != "4h" {
		t.Errorf("hours %q", r.DeployHours)
	}
	own := report.DeploysOf(r.Deploys, "login/availability")
	if len(own) != 1 || own[0].Name != "kernel update" || own[0].Verdict() != deploy.CannotTell {
		t.Errorf("deploys of login/availability: %+v", own)
	}
	if plain := reporttest.Sample(unit.English); plain.Deploys != nil || words.DeployHeadline(unit.English, plain.Deploys) != "" {
		t.Errorf("deploys of a report that was not asked for them: %v", plain.Deploys)
	}
}

func TestDeployWords(t *testing.T) {
	one := func(v deploy.Verdict) report.Deploy {
		return report.Deploy{DeployName: report.DeployName{Name: "v2"}, Effects: []report.DeployEffect{{Objective: "a/b", Verdict: v,
			Extra: report.DeployExtra{Before: report.DeployRange{Low: slo.NumberOf(0), Estimate: slo.NumberFrac(1, 4), High: slo.NumberOf(1)}}}}}
	}
	for _, c := range []struct {
		deploys []report.Deploy
		en, ja  string
	}{
		{[]report.Deploy{}, "There were no deploys in the period.", "期間中のデプロイはなし。"},
		{[]report.Deploy{one(deploy.Likely)}, "The deploy of v2 likely cost error budget: 25.0% of the budget of a/b.", "デプロイv2がエラーバジェットを消費した可能性が高く、a/bのバジェットの25.0%。"},
		{[]report.Deploy{one(deploy.NotLikely)}, "The only deploy is not likely to have cost error budget.", "1件のデプロイがエラーバジェットを消費した可能性は低い。"},
		{[]report.Deploy{one(deploy.CannotTell)}, "Whether the only deploy cost error budget cannot be told.", "1件のデプロイがエラーバジェットを消費したかは判定不能。"},
		{[]report.Deploy{one(deploy.NotLikely), one(deploy.CannotTell)}, "None of 2 deploys is likely to have cost error budget; 1 could not be judged.",
			"デプロイ2件のいずれも、エラーバジェットを消費した可能性は低い。1件は判定不能。"},
		{[]report.Deploy{one(deploy.Likely), one(deploy.NotLikely)}, "1 of 2 deploys likely cost error budget, most of all v2: 25.0% of the budget of a/b.",
			"デプロイ2件中1件がエラーバジェットを消費した可能性が高く、最大はv2でa/bのバジェットの25.0%。"},
	} {
		if en, ja := words.DeployHeadline(unit.English, c.deploys), words.DeployHeadline(unit.Japanese, c.deploys); en != c.en || ja != c.ja {
			t.Errorf("got %q and %q, want %q and %q", en, ja, c.en, c.ja)
		}
	}
}

// TestWhy: every verdict has a reason in words, and limits are said.
func TestWhy(t *testing.T) {
	for _, reason := range []deploy.Reason{deploy.Pace, deploy.AsBefore, deploy.AsUsual, deploy.Little, deploy.Early, deploy.Excluded, deploy.Unmeasured, deploy.Empty, deploy.Alone, deploy.Unclear} {
		e := report.DeployEffect{Reason: reason}
		if en, ja := words.Why(unit.English, e), words.Why(unit.Japanese, e); en == "" || ja == "" || en == ja {
			t.Errorf("%s: %q and %q", reason, en, ja)
		}
	}
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	e := report.DeployEffect{Verdict: deploy.Likely, Reason: deploy.Worse, Partial: true,
		After:  report.DeployHours{Start: start, End: start.Add(90 * time.Minute), Total: slo.NumberOf(10)},
		Extra:  report.DeployExtra{Before: report.DeployRange{Low: slo.NumberFrac(1, 8), Estimate: slo.NumberFrac(1, 4), High: slo.NumberFrac(1, 2)}},
		Shared: []report.DeployName{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}}
	want := "25.0% of the budget more than before or usual (95% interval: 12.5% to 50.0%); no earlier week to compare with; only 1 h 30 min after it so far; shares the blame with a, b, c and 1 more"
	if got := words.Why(unit.English, e); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	e.Usual = report.DeployUsual{Weeks: 2, Deploys: true}
	e.Partial, e.Shared = false, nil
	want = "25.0% of the budget more than before or usual (95% interval: 12.5% to 50.0%); the usual hours followed deploys too"
	if got := words.Why(unit.English, e); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestLastDeploys(t *testing.T) {
	var deploys []report.Deploy
	for i, verdict := range []deploy.Verdict{deploy.Likely, deploy.Likely, deploy.NotLikely, deploy.Likely, deploy.CannotTell, deploy.Likely} {
		deploys = append(deploys, report.Deploy{DeployName: report.DeployName{Name: fmt.Sprint(i)}, Effects: []report.DeployEffect{{Verdict: verdict}}})
	}
	for n, want := range map[int]string{0: "", 1: "3 5", 2: "1 3 4 5", 3: "0 1 3 4 5", 9: "0 1 2 3 4 5"} {
		var names []string
		for _, d := range report.LastDeploys(deploys, n) {
			names = append(names, d.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("the last %d: %q, want %q", n, got, want)
		}
	}
}
