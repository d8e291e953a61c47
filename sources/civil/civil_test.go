package civil

import (
	"testing"
	"time"
)

// Every date from the year 0 to 9999 has the number that time.Date gives it, and
// no other date exists.
func TestDays(t *testing.T) {
	at := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	for want := at.Unix() / 86400; at.Year() < 10000; want++ {
		year, month, day := at.Date()
		if got := Days(year, int(month), day); got != want || !Exists(year, int(month), day) {
			t.Fatalf("%s: got day %d, exists %v; want %d", at.Format(time.DateOnly), got, Exists(year, int(month), day), want)
		}
		at = at.AddDate(0, 0, 1)
		if at.Day() == 1 && Exists(year, int(month), day+1) {
			t.Fatalf("day %d of %d-%d exists", day+1, year, month)
		}
	}
}

func TestExists(t *testing.T) {
	for _, d := range [][3]int{{2026, 0, 1}, {2026, 13, 1}, {2026, 1, 0}, {2026, 2, 29}, {1900, 2, 29}, {2026, 4, 31}} {
		if Exists(d[0], d[1], d[2]) {
			t.Errorf("%v exists", d)
		}
	}
}

func BenchmarkDays(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		if Days(2026, i%12+1, i%28+1) < 0 {
			b.Fatal("before 1970")
		}
	}
}
