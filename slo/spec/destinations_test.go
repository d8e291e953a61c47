package spec

import (
	"strings"
	"testing"
)

// telling knows two kinds of destinations.
func telling() Known {
	return Known{Sources: testKinds(), Formats: []Format{Native()}, Destinations: []DestinationKind{
		{Name: "mail", Keys: []Key{
			{Name: "to", Type: Texts, Required: true}, {Name: "tls", Type: Text, Enum: []string{"starttls", "none"}, Default: "starttls"},
			{Name: "bytes", Type: Integer, Default: "20000"}, {Name: "password", Type: Credential},
		}},
		{Name: "run", Keys: []Key{{Name: "command", Type: Texts, Required: true}}},
	}}
}

// Two blocks are one destination if they say the same, with what is left out written out.
func TestSameDestination(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"{type: mail, to: a@x}", "{type: mail, to: a@x}", true},
		{"{type: mail, to: a@x}", "{to: [a@x], type: mail}", true},
		{"{type: mail, to: a@x}", "{type: mail, to: [a@x], tls: starttls, bytes: 20000}", true},
		{"{type: mail, to: a@x, classes: page}", "{type: mail, to: a@x, classes: [page]}", true},
		{"{type: mail, to: a@x, password_env: P}", "{type: mail, to: a@x, password_env: P, tls: starttls}", true},
		{"{type: mail, to: a@x}", "{type: mail, to: a@x, tls: none}", false},
		{"{type: mail, to: a@x}", "{type: mail, to: [a@x, b@x]}", false},
		{"{type: mail, to: a@x}", "{type: mail, to: b@x}", false},
		{"{type: mail, to: a@x, password_env: P}", "{type: mail, to: a@x, password_env: Q}", false},
		{"{type: mail, to: a@x, classes: [page]}", "{type: mail, to: a@x}", false},
		{"{type: mail, to: a@x}", "{type: run, command: a@x}", false},
		{"{type: run, command: [a, b]}", "{type: run, command: [b, a]}", false},
	} {
		for _, pair := range [][2]string{{tt.a, tt.b}, {tt.b, tt.a}} {
			files(t, map[string]string{
				"a.yaml": service("a", "destinations: {chat: "+pair[0]+"}"),
				"b.yaml": service("b", "destinations: {chat: "+pair[1]+"}"),
			})
			set, findings := Load(nil, []string{"a.yaml", "b.yaml"}, telling())
			if tt.same && len(findings) > 0 || !tt.same && !strings.Contains(findings.Error(), "[destination/conflict]") {
				t.Errorf("%s and %s: %v", pair[0], pair[1], findings)
			}
			if len(set.Destinations) != 1 {
				t.Errorf("%s and %s: %d destinations", pair[0], pair[1], len(set.Destinations))
			}
		}
	}
}

// A file may hold destinations alone, for the services of others.
func TestDestinationsAlone(t *testing.T) {
	const head = "apiVersion: nines/v1\n"
	for _, tt := range []struct{ text, want string }{
		{head + "destinations: {chat: {type: mail, to: a@x}}", ""},
		{head + "destinations: {other: {type: mail, to: a@x}}", `destination "chat" is not in destinations`},
		{head + "destinations: {chat: {type: male, to: a@x}}", `destination type "male" is not known`},
		{head + "destinations: [chat]", "destinations"},
		{head + "destinations: {chat: {type: mail, to: a@x}}\nslos: []", `key "service" is missing`},
		{head + "destinations: {chat: {type: mail, to: a@x}}\nalerts: []", `key "slos" is missing`},
		{head + "destinations:", `key "slos" is missing`},
		{head + "destinations: {chat: {type: mail, to: a@x}}\ndestinations: {}", "twice"},
	} {
		files(t, map[string]string{
			"all/destinations.yaml": tt.text,
			"all/slos/shop.yaml":    service("shop", "timezone: Europe/Berlin", "alerts: [{class: page, to: chat}]"),
		})
		for _, paths := range [][]string{{"all/destinations.yaml", "all/slos"}, {"all/slos", "all/destinations.yaml"}, {"all"}} {
			set, findings := Load(nil, paths, telling())
			got := ""
			if len(findings) > 0 {
				got = findings.Error()
			}
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("%s, %q: %s", tt.text, paths, got)
			}
			if tt.want == "" && (len(set.Services) != 1 || len(set.Destinations) != 1 || set.Report.Zone.String() != "Europe/Berlin") {
				t.Errorf("%q: %d services, %d destinations, %v", paths, len(set.Services), len(set.Destinations), set.Report.Zone)
			}
		}
	}
}
