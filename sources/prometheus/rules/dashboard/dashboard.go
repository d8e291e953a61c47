// Package dashboard is a dashboard of Grafana over what rules record. It is one file for
// all objectives, which variables choose: no name of any is in it, and none can break it.
package dashboard

import (
	"embed"
	"io"
)

//go:embed dashboard.json
var assets embed.FS

// Write writes the dashboard as JSON that Grafana 11 and later import.
func Write(w io.Writer) error {
	text, err := assets.ReadFile("dashboard.json")
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}
