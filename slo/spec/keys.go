package spec

import "github.com/nines-slo/nines/slo"

// Type is what a key's value must be.
type Type int

const (
	Text       Type = iota // a non-empty scalar
	Integer                // digits with an optional sign
	Decimal                // a plain decimal number
	Boolean                // true or false
	Length                 // a duration with a unit, slo.ParseDuration
	Share                  // a percentage or ratio over 0, slo.ParseTarget
	Instant                // RFC 3339 with an offset
	Date                   // 2026-10-31
	TimeZone               // IANA name
	Texts                  // a scalar or a list of scalars
	TextMap                // a map of scalars, each as Short says, names without it
	Object                 // a map with Keys
	Objects                // a list of maps with Keys
	Condition              // a map of field → test, see package sources/match
	Any                    // checked by whoever reads it
	Name                   // printable text of at most 200 characters
	Fraction               // a percentage or ratio from 0 to 100 %
	Moment                 // a date, a local date and time, or RFC 3339
	Window                 // a duration, or a calendar unit
	Under                  // a share and what falls short of it, "< 25%"
	Above                  // a number and what passes it, "> 10"
	Period                 // 2026-10, 2026-Q3, 2026, 2026-W46, 2026-10-31 or last-7d
	Deadline               // a duration, or "end"
	Optional               // a duration, or "none"
	Address                // an http or https URL, see type URL
	Credential             // a secret: files write NAME_env or NAME_file, see type Secret
	Variable               // the name of an environment variable
	Lateness               // a duration with a unit, or 0
	Loose                  // a scalar, also an empty one
	Strict                 // Loose, but what YAML 1.1 reads as a number or a boolean has quotes
	Switch                 // a boolean of YAML 1.1: true, yes, on
	Percent                // a number over 0 and under 100
	Ratio                  // a number over 0 and under 1
	FullRatio              // a Ratio, or 1
	Years                  // a duration of Prometheus, which may have years: see Days
)

// Key describes one key of a map: Check compares a map with a list of Keys, package
// schema prints them. It is the one place where a key is named.
type Key struct {
	Name     string
	Type     Type
	Doc      string // one line for editors
	Required bool
	Enum     []string // allowed texts; empty: any
	Example  string   // a value as a file would write it, for hints; empty: one of the type's
	Keys     []Key    // of Object and Objects
	Short    *Key     // of Object: what a scalar in the map's place must be; nil: none may stand there. Of Objects likewise. Of TextMap: what each is
	Empty    bool     // of Objects and Texts: an empty list says something
	Default  string   // what a destination without the key means, if that can be written out
	Else     string   // what there is to do in place of adding the key, for hints
	Means    string   // this is no key: other tools call the key so that has this name here
}

const (
	sourcesExample = "{edge: {type: accesslog, path: access.log}}"
	sliExample     = "{source: edge, bad: {status: 500-599}}"

	destinationsExample = "{chat: {type: slack, url_env: SLACK_URL}}"
)

// FileKeys are the keys of a document. Sources and indicators are checked
// against their kinds, see SourceKind.
func FileKeys() []Key {
	return []Key{
		{Name: "apiVersion", Type: Text, Required: true, Enum: []string{APIVersion}, Doc: "Format of this file."},
		{Name: "service", Type: Name, Required: true, Doc: "What the promises are about."},
		{Name: "description", Type: Text, Doc: "What the service does."},
		{Name: "owner", Type: Name, Example: "payments-team", Doc: "Who keeps the promises."},
		{
			Name: "tier", Type: Name, Example: "1",
			Doc: "How much depends on the service, e.g. 1; becomes the label tier.",
		},
		{Name: "labels", Type: TextMap, Doc: "Labels of every SLO of the service."},
		linksKey("Where to read more about the service"),
		{
			Name: "timezone", Type: TimeZone,
			Doc: "IANA zone of calendar windows, dates and local times; UTC if left out.",
		},
		{Name: "since", Type: Moment, Example: "2026-01-01", Doc: "When the promises began: a date or an instant."},
		{Name: "report", Type: Object, Keys: reportKeys(), Doc: "What nines report prints."},
		{
			Name: "sources", Type: Any, Required: true, Example: sourcesExample,
			Else: "give the command " + givenFile + " " + givenExample, Doc: "Where counts come from, by name.",
		},
		{
			Name: "defaults", Type: Object, Keys: defaultKeys(),
			Doc: "What SLOs that do not say otherwise inherit. Keys are inherited whole, labels are joined.",
		},
		{Name: "slos", Type: Objects, Required: true, Keys: sloKeys(), Doc: "The promises."},
		{
			Name: "exclusions", Type: Objects, Keys: append(exclusionKeys(), onlyKey()),
			Doc: "Time that no promise covers.",
		},
		alertsKey("Alert policies of every SLO that has none of its own; [] for none. " +
			"Left out: the SRE Workbook's, table 5-8."),
		{Name: "gate", Type: Object, Keys: gateKeys(), Doc: "Error-budget policy: what stops releases."},
		{
			Name: "destinations", Type: Any, Example: destinationsExample,
			Doc: "Where messages go, by name; policies' to and --to name them.",
		},
	}
}

func reportKeys() []Key {
	return []Key{
		{Name: "title", Type: Text, Doc: "Title of the report."},
		{
			Name: "period", Type: Period,
			Doc: "Period reported: 2026-10, 2026-Q3, 2026, 2026-W46, 2026-10-31 or last-7d; the last closed month if left out.",
		},
		{Name: "language", Type: Text, Enum: []string{"en", "ja"}, Doc: "Language of the report."},
		{Name: "link", Type: Address, Example: "https://reports.example/", Doc: "Where the report can be opened; messages link to it."},
		{
			Name: "timezone", Type: TimeZone,
			Doc: "IANA zone of the report; the files' common zone, else UTC, if left out.",
		},
	}
}

// promiseKeys may stand in an SLO and under defaults.
func promiseKeys() []Key {
	return []Key{
		{Name: "owner", Type: Name, Example: "payments-team", Doc: "Who keeps the promise."},
		{Name: "labels", Type: TextMap, Doc: "Labels, added to the service's."},
		linksKey("Where to read more, added to the service's links"),
		{Name: "target", Type: Share, Doc: "Promised share of good events or slices, e.g. 99.9%."},
		windowKey(),
		budgetingKey(),
		{
			Name: "min_coverage", Type: Fraction,
			Doc: "Measured share under which the state is no_data; 90% if left out.",
		},
		{
			Name: "at_risk", Type: Fraction, Example: "75%",
			Doc: "Spent share of the budget over which the state is at_risk; 75% if left out.",
		},
		{Name: "since", Type: Moment, Example: "2026-01-01", Doc: "When the promise began: a date or an instant."},
		{Name: "incident", Type: Object, Keys: incidentKeys(), Doc: "What makes an incident."},
	}
}

func defaultKeys() []Key {
	beside := "alerts beside defaults: every SLO inherits it from there"
	return append(promiseKeys(), gapsKey(), noTrafficKey(), Key{Name: "alerts", Means: "alerts", Example: beside})
}

// vanishedIgnore lets label sets come and go.
const vanishedIgnore = "ignore"

func sloKeys() []Key {
	return append(append([]Key{
		{Name: "name", Type: Name, Required: true, Example: "availability", Doc: "Name of the SLO, once per service."},
		{Name: "description", Type: Text, Doc: "The promise in words."},
	}, promiseKeys()...), []Key{
		{Name: "objectives", Type: Objects, Keys: objectiveKeys(), Doc: "Several targets or windows on one indicator."},
		{Name: "sli", Type: Any, Required: true, Example: sliExample, Doc: "What is counted."},
		{Name: "per", Type: Texts, Doc: "Labels by whose values the SLO is split."},
		{
			Name: "max_sets", Type: Integer, Example: "1000",
			Doc: "With per: the SLO is refused if its labels have more different sets of values; 1000 if left out.",
		},
		{
			Name: "vanished", Type: Text, Enum: []string{vanishedIgnore, string(slo.CannotTell)}, Example: vanishedIgnore,
			Doc: "What it means if a label set has no more events while its source goes on: cannot_tell, if left out; " +
				"ignore, where label sets come and go: each is judged over its measured time.",
		},
		{Name: "exclusions", Type: Objects, Keys: exclusionKeys(), Doc: "Time that this promise does not cover."},
		alertsKey("Alert policies in place of the file's; [] for none."),
		{
			Name: "gate", Type: Object, Keys: gateKeys(),
			Doc: "Error-budget policy; its keys replace those of the file's gate.",
		},
	}...)
}

// objectiveKeys: what an entry leaves out it takes from the SLO, then from defaults.
func objectiveKeys() []Key {
	return []Key{
		{
			Name: "name", Type: Name,
			Doc: "Joined to the SLO's name by a dash; the window if left out, or the target where windows are alike.",
		},
		{Name: "target", Type: Share, Doc: "Promised share of good events or slices, e.g. 99.9%."},
		windowKey(),
	}
}

func linksKey(doc string) Key {
	return Key{
		Name: "links", Type: TextMap, Short: &Key{Type: Address}, Example: "{runbook: https://wiki.example/checkout}",
		Doc: doc + ", by name: runbook, dashboard, report. Alert rules carry them as annotations.",
	}
}

func windowKey() Key {
	return Key{
		Name: "window", Type: Object, Short: &Key{Type: Window}, Keys: windowKeys(),
		Doc: "Time over which the promise is judged: rolling, 30d, or calendar, month.",
	}
}

func windowKeys() []Key {
	return []Key{
		{Name: "rolling", Type: Length, Example: "30d", Doc: "Length of a window that slides with time, e.g. 30d."},
		{Name: "calendar", Type: Text, Enum: calendarUnits(), Doc: "Calendar unit."},
		{Name: "timezone", Type: TimeZone, Doc: "IANA zone whose midnights count; the file's if left out."},
		{
			Name: "week_start", Type: Text, Enum: []string{"monday", "sunday"},
			Doc: "First day of calendar weeks; monday if left out.",
		},
		{
			Name: "anchor", Type: Date,
			Doc: "First day of some period, e.g. 2026-01-21 for months that begin on the 21st.",
		},
	}
}

func budgetingKey() Key {
	return Key{
		Name: "budgeting", Type: Object, Short: &Key{Type: Text, Enum: methods()}, Keys: budgetingKeys(),
		Doc: "How the budget is counted; occurrences if left out.",
	}
}

func methods() []string {
	return []string{string(slo.Occurrences), string(slo.Timeslices), string(slo.RatioTimeslices)}
}

func budgetingKeys() []Key {
	return []Key{
		{
			Name: "method", Type: Text, Required: true, Enum: methods(),
			Doc: "Count events, good slices, or the mean of the slices' ratios.",
		},
		{Name: "slice", Type: Length, Example: "5m", Doc: "Length of a slice: whole minutes that divide a day."},
		{Name: "target", Type: Share, Doc: "Ratio from which a slice is good, up to 100%; timeslices only."},
		gapsKey(),
		noTrafficKey(),
	}
}

func gapsKey() Key {
	return Key{
		Name: "gaps", Type: Text, Enum: []string{"exclude", "good", "bad"},
		Doc: "What a slice is worth that was not measured; exclude if left out.",
	}
}

func noTrafficKey() Key {
	return Key{
		Name: "no_traffic", Type: Text, Enum: []string{"ignore", "bad"},
		Doc: "What a measured slice is worth that has no events; ignore if left out.",
	}
}

func incidentKeys() []Key {
	return []Key{
		{Name: "burn", Type: Decimal, Doc: "Burn rate from which a 5-minute slice is down; 6 if left out."},
		{
			Name: "join", Type: Length, Example: "10m",
			Doc: "Runs of down slices with at most this much time between them are one, gaps and time without traffic " +
				"not counted; 10m if left out.",
		},
		{
			Name: "min_bad", Type: Decimal, Example: "2",
			Doc: "Bad events that a run of down slices has at least; 2 if left out.",
		},
		{
			Name: "min_spent", Type: Fraction, Example: "2%",
			Doc: "Share of a 30-day budget that an incident spends at least, unless at least half of its events failed " +
				"beyond doubt; 2% if left out, 0% for any.",
		},
	}
}

func exclusionKeys() []Key {
	return []Key{
		{Name: "name", Type: Name, Doc: "What the time is needed for."},
		{
			Name: "start", Type: Moment,
			Doc: "Begin, or first begin of a recurring one: a date, a local time or an instant.",
		},
		{Name: "end", Type: Moment, Doc: "End of a one-off exclusion."},
		{
			Name: "rrule", Type: Text,
			Doc: "RFC 5545 rule of the local times at which it begins, e.g. FREQ=WEEKLY;BYDAY=SU;BYHOUR=2.",
		},
		{Name: "duration", Type: Length, Example: "1h", Doc: "Elapsed time of each occurrence."},
		{Name: "ics", Type: Text, Doc: "iCalendar file, relative to this file."},
		{Name: "timezone", Type: TimeZone, Doc: "IANA zone of local times; the file's if left out."},
		{Name: "agreed_by", Type: Name, Doc: "Who agreed."},
	}
}

func onlyKey() Key {
	return Key{
		Name: "only", Type: Texts,
		Doc: "Services or SLOs of this file that it covers; those of this document if left out.",
	}
}
