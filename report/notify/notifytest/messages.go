// Package notifytest is the suite that every destination passes, and the messages that
// it is tried on.
package notifytest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// At is when the messages are made, a Monday morning.
var At = time.Date(2026, time.November, 30, 8, 0, 0, 0, time.UTC)

// Summary returns a summary of a week as people get it.
func Summary(lang unit.Language) notify.Message {
	if lang == unit.Japanese {
		return summaryJA()
	}
	return notify.Message{
		ID: "summary-2026-W48-chat", Kind: "summary", Language: lang, At: At,
		Headline: "Error budgets, week 48: 2 of 14 need attention", State: slo.Exhausted,
		Sections: []notify.Section{
			{Title: "Need attention", Rows: []notify.Row{
				{
					State: slo.Exhausted, Name: "checkout/availability", Text: "exhausted, 145% spent, 98 min over",
					More: []string{"+12% since last week", "99.26% of 99.5%, 30 days rolling"}, Spent: slo.NumberFrac(145, 100),
				},
				{
					State: slo.AtRisk, Name: "storefront/latency-month", Text: "at risk, 83% spent, 398 min left",
					More:  []string{"+20% since last week", "runs out on 4 December (1 to 9 December in 80%; such forecasts held in 81% of 312)"},
					Spent: slo.NumberFrac(83, 100),
				},
			}},
			{Title: "Release gate: CLOSED", Rows: []notify.Row{
				{State: slo.Missed, Name: "checkout/availability", Text: "error budget is overspent: -45% left, limit 0%"},
			}},
			{Title: "Alerts of the week", Rows: []notify.Row{{Text: "3 pages: 2 in an incident, 1 in none"}}},
			{Title: "Incidents", Rows: []notify.Row{
				{Name: "checkout", Text: "25 November, 47 min, 63% of the budget of checkout/availability"},
			}},
		},
		Links: []notify.Link{{Text: "Full report", URL: "https://reports.example/2026-W48?a=1&b=2"}},
		Notes: []string{"search/suggestions could not be judged: no data for 5 d 3 h"},
		Data:  []byte(`{"schema":"nines.summary/v1"}`),
	}
}

func summaryJA() notify.Message {
	m := Summary(unit.English)
	m.Language = unit.Japanese
	m.Headline = "エラーバジェット 第48週: 14件中2件に対応が必要"
	m.Sections = []notify.Section{
		{Title: "対応が必要", Rows: []notify.Row{
			{
				State: slo.Exhausted, Name: "payments/決済完了率", Text: "枯渇、消費率145%、98分超過",
				More: []string{"先週比 +12%", "実績99.26%(目標99.5%)、ローリング期間30日"}, Spent: slo.NumberFrac(145, 100),
			},
			{
				State: slo.AtRisk, Name: "storefront/latency-month", Text: "注意、消費率83%、残り398分", More: []string{"先週比 +20%"},
				Spent: slo.NumberFrac(83, 100),
			},
		}},
		{Title: "リリース判定: 停止", Rows: []notify.Row{{State: slo.Missed, Name: "payments/決済完了率", Text: "エラーバジェット超過"}}},
	}
	m.Links = []notify.Link{{Text: "レポート", URL: "https://reports.example/2026-W48"}}
	m.Notes = []string{"search/suggestionsは判定不能: データなし"}
	return m
}

// Alert returns a message about changes of one objective: one begins, one ends, one
// lost its data.
func Alert() notify.Message {
	since := At.Add(-12 * time.Minute)
	change := func(kind notify.ChangeKind, class slo.Class, policy, summary string) notify.Change {
		return notify.Change{
			Key: "checkout/availability " + policy, Kind: kind, Class: class, Service: "checkout",
			Objective: "checkout/availability", Policy: policy, Since: since, Summary: summary,
			Details: []string{"burn rate 20 over 1h, limit 14.4", "12% of the budget is spent since it began"},
		}
	}
	fast := change(notify.Fires, slo.Page, "page", "checkout/availability burns its budget 20 times too fast")
	slow := change(notify.Resolved, slo.Ticket, "ticket", "checkout/availability: ticket is over after 2 h")
	slow.Until = At
	blind := change(notify.NoData, slo.Page, "blind", "checkout/availability: nothing was measured for 30 min")
	blind.Again = true
	return notify.Message{
		ID: "alert-checkout-availability-1", Kind: "alert", Language: unit.English, At: At,
		Headline: "checkout/availability burns its budget 20 times too fast", State: slo.Missed,
		Sections: []notify.Section{{Rows: []notify.Row{
			{State: slo.Missed, Name: "page", Text: "firing since 07:48 UTC", More: fast.Details},
			{State: slo.OnTrack, Name: "ticket", Text: "resolved at 08:00 UTC"},
			{State: slo.NoData, Name: "blind", Text: "no data"},
		}}},
		Changes: []notify.Change{fast, slow, blind}, Data: []byte(`{"schema":"nines.alert/v1"}`),
	}
}

// Long returns a summary in which n objectives need attention.
func Long(n int) notify.Message {
	m := Summary(unit.English)
	rows := make([]notify.Row, n)
	for i := range rows {
		rows[i] = notify.Row{
			State: slo.Exhausted, Name: fmt.Sprintf("service-%04d/availability", i),
			Text: "exhausted, 145% spent, 98 min over", More: []string{"+12% since last week"},
		}
	}
	m.Headline = fmt.Sprintf("Error budgets, week 48: %d of %d need attention", n, n)
	m.Sections[0].Rows = rows
	return m
}

// Hostile returns a message all of whose texts are text.
func Hostile(text string) notify.Message {
	m := Alert()
	m.Headline = text
	m.Notes = []string{text}
	m.Links = []notify.Link{{Text: text, URL: "https://reports.example/?q=1&r=2"}}
	m.Sections = []notify.Section{{Title: text, Rows: []notify.Row{
		{State: slo.Missed, Name: text, Text: text, More: []string{text, text}}, {Name: text}, {Text: text},
	}}}
	for i := range m.Changes {
		c := &m.Changes[i]
		c.Service, c.Objective, c.Policy, c.Summary, c.Details = text, text, text, text, []string{text}
	}
	return m
}

// Wide returns a summary with one row whose text is n bytes long.
func Wide(n int) notify.Message {
	m := Summary(unit.English)
	m.Sections[0].Rows = []notify.Row{{State: slo.Exhausted, Name: "checkout/availability", Text: strings.Repeat("x", n)}}
	return m
}

// Marked returns texts that some place takes for markup, a mention, a link or a picture.
func Marked() []string {
	return []string{
		"<!channel>", "<!here>", "<!everyone|x>", "<@U0123>", "<#C0123>", "<!subteam^S01|x>", "<!date^1^{date}|x>", "<users/all>",
		"@channel", "@here", "@all", "@everyone", "@someone", "x@y.example", "<@!1>", "<@&1>", "<t:1:R>", "</run:1>", "<:x:1>", "<a:x:1>",
		"~town-square", "#tag", "#", ":fire:", ":+1:", ":)", ";-)", ":D", "x :-( y", "<3", "</3", "=)", ":'(",
		"https://evil.example/x", "see http://evil.example", "www.evil.example", "evil.example/x", "shop.api/availability",
		"mailto:x@y.example", "tel:1", "ftp://x", "//evil.example", "javascript:alert(1)", "steam://run/1",
		"[x](https://evil.example)", "<https://evil.example>", "<https://evil.example|x>", "<a|b>", "[x]: https://evil.example", "![x](https://evil.example/x.png)",
		"**b**", "__b__", "*b*", "_i_", "a_b_c", "~~s~~", "~s~", "||s||", "`c`", "``", "```", "~~~", "x**", "**x", "x]", "[x", "(x", "x)",
		"# h", "###### h", "-# h", "> q", ">>> q", "1. x", "1) x", "12. x", "- x", "+ x", "* x", "- [ ] x", "---", "***", "===", "=", "-", "+",
		"| a | b |", "|---|---|", "    code", "\tcode", "$x$", "$$", "&lt;b&gt;", "&#42;b&#42;", "&", "&amp;amp;", "<b>b</b>", "<br>", "<script>",
		`\`, `\\`, `x\`, `\*`, `\\*b\\*`, `C:\temp\_x`, `\[x\](y)`, "07:48 UTC", "12:30:45", "😀", "é\u0301", "\u200b@here", "@\u200bhere",
		"\u202eevil", "\u2066x", "\x00", "\x1b[31m", "a\nb", "a\n\n# h", "a\r\n- x", "a\u2028b", "\xff\xfe", "%00", "%", "{x}", "\"", "'", ";",
	}
}

// Addresses returns texts of which some client makes a link.
func Addresses() []string {
	return []string{
		"http://evil.example/x", "HTTPS://EVIL.EXAMPLE", "ftp://evil.example", "steam://run/1", "see https://evil.example now",
		"www.evil.example", "WWW.evil.example/x", "www2.evil.example", "(www.evil.example)", "evil.com", "EVIL.COM", "evil.com/x?y=z",
		"a.evil.com", "evil.co.jp", "evil.com.", "サービスevil.comが", "evil.com、", "кремль.рф", "evil.page/availability", "Deploy.sh", "README.md",
		"x@evil.example", "x.y+z@evil.com", "mailto:x@evil.example", "tel:0123", `\\evil.example\share`, "file:x", "evil.com evil.net",
	}
}

// Filled returns a summary of which size measures n, made longer by rows: each
// character of them counts one.
func Filled(t *testing.T, n int, size func(notify.Message) int) notify.Message {
	t.Helper()
	m := Summary(unit.English)
	s := &m.Sections[0]
	grow := func(by int) { s.Rows = append(s.Rows, notify.Row{Text: strings.Repeat("x", by)}) }
	const most = 900
	for ; size(m) < n-2*most; grow(most) {
	}
	for i := 0; i < 2; i++ {
		grow(1)
		missing := n - size(m)
		if i == 0 {
			missing /= 2
		}
		s.Rows[len(s.Rows)-1].Text += strings.Repeat("x", missing)
	}
	if size(m) != n {
		t.Fatalf("the message measures %d, want %d", size(m), n)
	}
	return m
}
