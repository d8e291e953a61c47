package teams

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// message is what the workflow's trigger takes: it posts each attachment.
type message struct {
	Type        string       `json:"type"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	ContentType string  `json:"contentType"`
	ContentURL  *string `json:"contentUrl"` // null, but not left out
	Content     card    `json:"content"`
}

// card is an Adaptive Card.
type card struct {
	Schema   string    `json:"$schema"`
	Type     string    `json:"type"`
	Version  string    `json:"version"`
	Fallback string    `json:"fallbackText"`
	Teams    layout    `json:"msteams"`
	Body     []element `json:"body"`
}

type layout struct {
	Width string `json:"width"`
}

// element is a Container, a RichTextBlock or an ActionSet.
type element struct {
	Type      string    `json:"type"`
	Spacing   string    `json:"spacing,omitempty"`
	Separator bool      `json:"separator,omitempty"`
	Style     string    `json:"style,omitempty"` // of a Container
	Bleed     bool      `json:"bleed,omitempty"`
	Items     []element `json:"items,omitempty"`
	Inlines   []run     `json:"inlines,omitempty"` // of a RichTextBlock
	Actions   []action  `json:"actions,omitempty"` // of an ActionSet
}

type run struct {
	Type   string `json:"type"`
	Text   string `json:"text"`
	Size   string `json:"size,omitempty"`
	Weight string `json:"weight,omitempty"`
	Color  string `json:"color,omitempty"`
	Subtle bool   `json:"isSubtle,omitempty"`
}

type action struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

// body returns a message as it goes out.
func body(m notify.Message) []byte {
	return notify.JSON(message{Type: "message", Attachments: []attachment{{
		ContentType: "application/vnd.microsoft.card.adaptive",
		Content: card{
			Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.4",
			Fallback: notify.Plain(m), Teams: layout{Width: "Full"}, Body: elements(m),
		},
	}}})
}

func elements(m notify.Message) []element {
	headline := run{Text: m.Headline, Size: "Large", Weight: "Bolder"}
	out := []element{{
		Type: "Container", Style: style(m.State), Bleed: true,
		Items: []element{line("", run{Text: mark(m.State), Size: "Large", Weight: "Bolder"}, headline)},
	}}
	for _, s := range m.Sections {
		out = append(out, section(s)...)
	}
	for i, n := range m.Notes {
		note := line("Small", run{Text: "! " + n, Color: "Warning"})
		note.Separator = i == 0
		out = append(out, note)
	}
	for links := range slices.Chunk(m.Links, maxActions) {
		out = append(out, buttons(links))
	}
	return out
}

func section(s notify.Section) []element {
	var out []element
	if s.Title != "" {
		out = append(out, line("Medium", run{Text: s.Title, Weight: "Bolder"}))
	}
	for _, r := range s.Rows {
		lead := []run{{Text: mark(r.State), Weight: "Bolder", Color: color(r.State)}, {Text: r.Name, Weight: "Bolder"}}
		if r.Name != "" && r.Text != "" {
			lead = append(lead, run{Text: ": "})
		}
		out = append(out, line("Small", append(lead, run{Text: r.Text})...))
		for _, more := range r.More {
			out = append(out, line("None", run{Text: more, Subtle: true}))
		}
	}
	if s.Left != "" {
		out = append(out, line("Small", run{Text: s.Left, Subtle: true}))
	}
	if len(out) > 0 {
		out[0].Separator = true
	}
	return out
}

// line returns a line of text. Runs without text are left out, and one that holds
// "{{", which begins a function such as {{DATE(…)}}, is two of which none does.
func line(spacing string, runs ...run) element {
	e := element{Type: "RichTextBlock", Spacing: spacing}
	for _, r := range runs {
		r.Type = "TextRun"
		rest := r.Text
		for at := strings.Index(rest, "{{"); at >= 0; at = strings.Index(rest, "{{") {
			r.Text, rest = rest[:at+1], rest[at+1:]
			e.Inlines = append(e.Inlines, r)
		}
		if r.Text = rest; rest != "" {
			e.Inlines = append(e.Inlines, r)
		}
	}
	if len(e.Inlines) == 0 { // which no card may hold
		e.Inlines = []run{{Type: "TextRun", Text: unit.Unknown}}
	}
	return e
}

// maxActions is how many buttons of a set Teams shows.
const maxActions = 6

func buttons(links []notify.Link) element {
	e := element{Type: "ActionSet", Spacing: "Medium"}
	for _, l := range links {
		e.Actions = append(e.Actions, action{Type: "Action.OpenUrl", Title: l.Text, URL: l.URL})
	}
	return e
}

// mark is the sign of a state with its blank, "" for none.
func mark(s slo.State) string {
	if s == "" {
		return ""
	}
	return unit.Mark(s) + " "
}

// style is the background of a state.
func style(s slo.State) string {
	switch s {
	case slo.Met, slo.OnTrack:
		return "good"
	case slo.AtRisk:
		return "warning"
	case slo.Missed, slo.Exhausted:
		return "attention"
	}
	return "emphasis"
}

// color is the colour of a state's mark.
func color(s slo.State) string {
	switch s {
	case slo.Met, slo.OnTrack:
		return "Good"
	case slo.AtRisk:
		return "Warning"
	case slo.Missed, slo.Exhausted:
		return "Attention"
	}
	return "Default"
}
