package journal

import (
	"strings"
	"testing"
)

// Of a file that is no list of deploys or incidents nothing is shown: it may hold anything.
// Of one that is, the line is.
func TestNothingOfOtherFilesIsShown(t *testing.T) {
	for _, c := range []struct {
		text   string
		shown  bool
		incids bool
	}{
		{"token=hush\n", false, true},
		{"token=hush,other\nx,y\n", false, true},
		{"start,hush\nx,y\n", true, true},
		{"token=hush\n", false, false},
		{"token=hush,other\nx,y\n", false, false},
		{"\"hush\n", false, false},
		{`{"token": "hush"}` + "\n", false, false},
		{`{"hush": 1}` + "\n", false, false},
		{`{"time": "2026-05-01T00:00:00Z", "hush": 1}` + "\n", true, false},
		{"time,hush\n", true, false},
		{"2026-05-01T00:00:00Z v1\ntoken=hush\n", false, false},
		{"2026-05-01T00:00:00Zhush v1\n", true, false},
	} {
		_, findings := Deploys("d", strings.NewReader(c.text))
		if c.incids {
			_, findings = Incidents("d", strings.NewReader(c.text))
		}
		shown := false
		for _, f := range findings {
			shown = shown || strings.Contains(f.Message+f.Hint+f.Excerpt, "hush")
		}
		if len(findings) == 0 || shown != c.shown {
			t.Errorf("%q: %+v, want it shown: %v", c.text, findings, c.shown)
		}
	}
}
