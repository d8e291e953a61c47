package notify

import (
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// Message is what is told, without the marks of any place. All texts but those of
// fields called Name, and of Data, are in Language and complete: a destination escapes
// them, and adds nothing of its own but marks and line ends. Every text may hold what
// somebody else wrote, such as a name.
type Message struct {
	ID       string // the same whenever this message is made anew
	Kind     string // "summary" or "alert"
	Language unit.Language
	At       time.Time

	// Headline is the whole message in one line: it stands alone on a phone's lock
	// screen, and is the subject of a mail.
	Headline string
	State    slo.State // the worst that it tells of, for a mark and a colour; "" for none

	Sections []Section // most important first
	Links    []Link    // behind the sections; never left out
	Notes    []string  // what to know of the figures: failed sources, messages that were never sent; never left out

	Changes []Change // of an alert message: what pagers are told
	Files   []File   // for places that take files
	Data    []byte   // the model as JSON, for programs
}

// Section is a list with a title.
type Section struct {
	Title string
	Rows  []Row
	Left  string // says of how many rows there was no room: "and 12 more"; Fit fills it
}

// Row is one thing that is told.
type Row struct {
	State slo.State // its mark; "" for none
	Name  string    // of an objective, an incident …, as its owner wrote it; may be ""
	Text  string    // the first thing to know of it
	More  []string  // what else there is, each a sentence or a figure with its word
	// Spent is the share of the error budget that Text says is spent, for a bar beside
	// it; not Known where there is nothing to draw.
	Spent slo.Number
}

// Link leads to more.
type Link struct {
	Text string
	URL  string // http or https
}

// File goes with a message.
type File struct {
	Name string // "report.html"
	Form string // what the key attach of destinations calls it: "html" or "excel"
	Type string // "text/html"
	Body []byte
}

// ChangeKind is what happened to an alert since the last message about it.
type ChangeKind string

const (
	Fires      ChangeKind = "firing"       // began
	StillFires ChangeKind = "still_firing" // has for a day since it was told last
	Resolved   ChangeKind = "resolved"
	NoData     ChangeKind = "no_data" // fired, or could, and nobody knows any more
)

// Change is what happened to one alert.
type Change struct {
	// Key tells the alert from all others, and is the same from its begin to its end
	// and in every run, so that an end finds its begin: at most 250 bytes of ASCII.
	Key       string     `json:"key"`
	Kind      ChangeKind `json:"kind"`
	Class     slo.Class  `json:"class"`
	Service   string     `json:"service"`
	Objective string     `json:"objective"` // Objective.ID
	Policy    string     `json:"policy"`
	Since     time.Time  `json:"since,omitzero"`         // when it began to fire; zero if it did not
	Until     time.Time  `json:"until,omitzero"`         // when it was last known to fire before it ended; zero if it did not end
	Blind     time.Time  `json:"no_data_since,omitzero"` // from then on nobody knew; of a resolved one whether it fired after Until
	Times     int        `json:"times,omitempty"`        // how often it fired from Since on; 0 if that is not known
	Seconds   int64      `json:"seconds,omitempty"`      // for how long it did in all, as far as that is known
	Passed    bool       `json:"passed,omitempty"`       // its end is told, and its begin was not, or nobody knows that
	Again     bool       `json:"again,omitempty"`        // it may have been told before: nobody knows whether that message arrived
	Summary   string     `json:"summary"`                // in one line
	Details   []string   `json:"details,omitempty"`      // figures, each with its word
}

// Paged returns the changes that pagers are told of. What is told of an alert after it
// began goes to the incident that is open: that it still fires, that it is over, and
// that nobody knows any more, which keeps it open. An alert that lost its data before
// it fired has none, and calls nobody: one source that fails would call for everything
// that it counts. Places that people read tell of it.
//
// One that came and went unnoticed opens an incident and closes it: it is on record,
// and of class log, since nobody has to get up for it.
func (m Message) Paged() []Change {
	var out []Change
	for _, c := range m.Changes {
		if c.Since.IsZero() {
			continue
		}
		if c.Passed {
			begin := c
			begin.Kind, begin.Class = Fires, slo.Log
			out = append(out, begin)
		}
		out = append(out, c)
	}
	return out
}
