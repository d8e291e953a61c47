package unit

import (
	"testing"
	"time"
)

func TestLeft(t *testing.T) {
	for _, c := range []struct{ minutes, en, ja string }{
		{"82", "82 min", "82分"},
		{"82.99", "82 min", "82分"},
		{"2160", "2,160 min", "2,160分"},
		{"9.99", "9.9 min", "9.9分"},
		{"4.32", "4.3 min", "4.3分"},
		{"4", "4 min", "4分"},
		{"0.432", "25 s", "25秒"},
		{"0.9999", "59 s", "59秒"},
		{"0.0001", "0 s", "0秒"},
		{"0", "0 min", "0分"},
		{"-7", "7 min over", "7分超過"},
		{"-6.21", "6.3 min over", "6.3分超過"},
		{"-9.99", "10 min over", "10分超過"},
		{"-0.001", "1 s over", "1秒超過"},
		{"-0.9999", "1 min over", "1分超過"},
		{"-1234.1", "1,235 min over", "1,235分超過"},
		{"?", "–", "–"},
	} {
		n := num(t, c.minutes)
		if en, ja := English.Left(n), Japanese.Left(n); en != c.en || (ja != c.ja && c.minutes != "?") {
			t.Errorf("Left(%s) = %q, %q, want %q, %q", c.minutes, en, ja, c.en, c.ja)
		}
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		left, minutes string
		slices        bool
		en, ja        string
	}{
		{"5659.9", "82.5", false, "5,659 failures left (≈ 82 min of full outage)", "残り5,659件(全面停止で約82分)"},
		{"2.5", "12.5", true, "2 bad slices left (≈ 12 min of full outage)", "残り2枠(全面停止で約12分)"},
		{"-0.5", "-7", false, "1 failure over (≈ 7 min of full outage)", "1件超過(全面停止で約7分)"},
		{"?", "?", false, "–", "–"},
	} {
		left, minutes := num(t, c.left), num(t, c.minutes)
		if got := English.Failures(left, minutes, c.slices); got != c.en {
			t.Errorf("Failures(%s) = %q, want %q", c.left, got, c.en)
		}
		if got := Japanese.Failures(left, minutes, c.slices); got != c.ja {
			t.Errorf("Failures(%s) = %q, want %q", c.left, got, c.ja)
		}
	}
}

func TestDuration(t *testing.T) {
	for _, c := range []struct{ d, en, ja string }{
		{"0s", "0 s", "0秒"}, {"400ms", "1 s", "1秒"}, {"45s", "45 s", "45秒"}, {"90s", "1 min 30 s", "1分30秒"},
		{"59m59.5s", "1 h", "1時間"}, {"6h", "6 h", "6時間"}, {"80m", "1 h 20 min", "1時間20分"},
		{"80m1s", "1 h 21 min", "1時間21分"}, {"23h", "23 h", "23時間"}, {"25h", "1 d 1 h", "1日1時間"},
		{"24h5m", "1 d 1 h", "1日1時間"}, {"23h59m59s", "1 d", "1日"}, {"720h", "30 d", "30日"}, {"-6h", "-6 h", "-6時間"},
		{"3605s", "1 h 1 min", "1時間1分"}, {"3600s", "1 h", "1時間"}, {"48h", "2 d", "2日"},
	} {
		d, err := time.ParseDuration(c.d)
		if err != nil {
			t.Fatal(err)
		}
		if en, ja := English.Duration(d), Japanese.Duration(d); en != c.en || ja != c.ja {
			t.Errorf("Duration(%s) = %q, %q, want %q, %q", c.d, en, ja, c.en, c.ja)
		}
	}
}

func TestOf(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		known, window time.Duration
		en, ja        string
	}{
		{7 * day, 30 * day, "7 d of 30 d", "30日中7日"},
		{8*day - 1, 30 * day, "7 d of 30 d", "30日中7日"},
		{5*time.Hour + 59*time.Minute, 30 * day, "5 h of 30 d", "30日中5時間"},
		{5 * time.Minute, day, "5 min of 1 d", "1日中5分"},
		{0, day, "0 s of 1 d", "1日中0秒"},
	} {
		if en, ja := English.Of(c.known, c.window), Japanese.Of(c.known, c.window); en != c.en || ja != c.ja {
			t.Errorf("Of(%s, %s) = %q, %q, want %q, %q", c.known, c.window, en, ja, c.en, c.ja)
		}
	}
}

func TestLatency(t *testing.T) {
	for _, c := range []struct{ d, en, ja string }{
		{"0s", "0 µs", "0µs"}, {"80µs", "80 µs", "80µs"}, {"1500ns", "2 µs", "2µs"}, {"2500µs", "2.5 ms", "2.5ms"}, {"12500µs", "12.5 ms", "12.5ms"},
		{"300ms", "300 ms", "300ms"}, {"312100µs", "313 ms", "313ms"}, {"999001µs", "1 s", "1秒"}, {"1s", "1 s", "1秒"},
		{"1500ms", "1.5 s", "1.5秒"}, {"1231ms", "1.24 s", "1.24秒"}, {"30s", "30 s", "30秒"}, {"45m", "45 min", "45分"}, {"90s", "1 min 30 s", "1分30秒"},
	} {
		d, err := time.ParseDuration(c.d)
		if err != nil {
			t.Fatal(err)
		}
		if en, ja := English.Latency(d), Japanese.Latency(d); en != c.en || ja != c.ja {
			t.Errorf("Latency(%s) = %q, %q, want %q, %q", c.d, en, ja, c.en, c.ja)
		}
	}
}
