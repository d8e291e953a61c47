package main

import (
	"bytes"
	"encoding/json"
	"testing"

	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/sources/all"
)

// TestForecastsOfTheShop holds the coverage of the 80 % bands of the example
// between 70 and 90 %, and that the same question has the same answer.
func TestForecastsOfTheShop(t *testing.T) {
	ask := func() []byte {
		var out, diag bytes.Buffer
		a := &app{now: fixedNow, kinds: all.Kinds(), places: places.Kinds(), stdout: &out, stderr: &diag, getenv: func(string) string { return "" }}
		if code := a.run(t.Context(), []string{"status", "../../examples/shop", "--at", "2026-10-31T12:00:00Z", "--forecast", "-o", "json"}); code != exitAnswered {
			t.Fatalf("exit %d: %s", code, diag.Bytes())
		}
		return out.Bytes()
	}
	text := ask()
	if !bytes.Equal(text, ask()) {
		t.Error("asked twice, two answers")
	}
	var got struct {
		SLOs []struct {
			Name     string
			Forecast struct {
				Reason string
				Score  *struct{ Coverage float64 }
			}
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	made := 0
	for _, s := range got.SLOs {
		if s.Forecast.Reason != "" {
			continue
		}
		if made++; s.Forecast.Score.Coverage < 0.7 || s.Forecast.Score.Coverage > 0.9 {
			t.Errorf("%s: the band held %v of the outcomes", s.Name, s.Forecast.Score.Coverage)
		}
	}
	if made < 6 {
		t.Errorf("%d of %d objectives have a forecast", made, len(got.SLOs))
	}
}
