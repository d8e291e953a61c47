package notify

import (
	"fmt"
	"testing"

	"github.com/nines-slo/nines/report/unit"
)

// Rows leave from the end, of each section the first row last, and of every number that fits as many stay as can.
func TestFit(t *testing.T) {
	m := Message{Language: unit.English, Sections: []Section{
		{Title: "a", Rows: []Row{{Name: "1"}, {Name: "2"}}}, {Title: "b", Rows: []Row{{Name: "3"}}}, {Title: "c"},
	}}
	want := []string{"a[] and 2 more b[] and 1 more c[]  ", "a[1] and 1 more b[] and 1 more c[]  ", "a[1] and 1 more b[3]  c[]  ", "a[1 2]  b[3]  c[]  "}
	for room, want := range want {
		got, left := Fit(m, func(m Message) bool {
			n := 0
			for _, s := range m.Sections {
				n += len(s.Rows)
			}
			return n <= room
		})
		text := ""
		for _, s := range got.Sections {
			names := []string{}
			for _, r := range s.Rows {
				names = append(names, r.Name)
			}
			text += fmt.Sprint(s.Title, names, " ", s.Left, " ")
		}
		if text != want || left != 3-room {
			t.Errorf("room for %d: got %q and %d left, want %q", room, text, left, want)
		}
	}
	if len(m.Sections[0].Rows) != 2 {
		t.Error("the message itself has changed")
	}
}
