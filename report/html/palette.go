package html

import "strings"

// palette holds the colours of one scheme, as "#RRGGBB".
type palette struct {
	Back, Panel, Rule, Text, Muted string
	Good, Near, NearText, Bad      string
	Calls                          string    // call counts
	Days                           [5]string // by report.Level; figures on them are in Ink
	Ink                            string
	Bands                          [3]string // of bullet bars: calm, near, over
}

func light() palette {
	return palette{
		Back: "#FFFFFF", Panel: "#F6F7F8", Rule: "#DADDE1", Text: "#1A1A1A", Muted: "#595959",
		Good: "#0072B2", Near: "#E69F00", NearText: "#7A4B00", Bad: "#B2400A", Calls: "#6B7785",
		Days: [5]string{"#D9D9D9", "#DCEBF7", "#9ECAE1", "#F0B96B", "#D9622B"}, Ink: "#1A1A1A",
		Bands: [3]string{"#E4E4E4", "#D2D2D2", "#BDBDBD"},
	}
}

func dark() palette {
	return palette{
		Back: "#16181C", Panel: "#1E2126", Rule: "#353A41", Text: "#ECECEC", Muted: "#B0B0B0",
		Good: "#56B4E9", Near: "#F0B429", NearText: "#F0B429", Bad: "#FF8A5B", Calls: "#8E9AA8",
		Days: [5]string{"#3A3D42", "#20303F", "#2F5D80", "#8A6420", "#9C4620"}, Ink: "#ECECEC",
		Bands: [3]string{"#2C2F36", "#383C44", "#464B55"},
	}
}

// css returns the palette as custom properties.
func (p palette) css() string {
	return ":root{" + strings.Join([]string{
		"--back:" + p.Back, "--panel:" + p.Panel, "--rule:" + p.Rule, "--text:" + p.Text, "--muted:" + p.Muted,
		"--good:" + p.Good, "--near:" + p.Near, "--near-text:" + p.NearText, "--bad:" + p.Bad, "--calls:" + p.Calls,
		"--day0:" + p.Days[0], "--day1:" + p.Days[1], "--day2:" + p.Days[2], "--day3:" + p.Days[3],
		"--day4:" + p.Days[4], "--ink:" + p.Ink,
		"--band0:" + p.Bands[0], "--band1:" + p.Bands[1], "--band2:" + p.Bands[2],
	}, ";") + "}\n"
}

// schemes returns the custom properties of both schemes. The dark one is for
// screens: paper is white.
func schemes() string {
	const screen = "@media screen and (prefers-color-scheme:dark){"
	return light().css() + screen + dark().css() + ":root{color-scheme:dark}}\n"
}
