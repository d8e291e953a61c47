package rules

import (
	_ "embed" // for the dashboard
	"io"
)

//go:embed dashboard.json
var dashboard string

// Dashboard writes a dashboard for Grafana, which shows all objectives that rules are made
// of. It asks for what they record and is the same whatever the objectives are.
func Dashboard(w io.Writer) error {
	_, err := io.WriteString(w, dashboard)
	return err
}
