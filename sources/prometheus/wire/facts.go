package wire

import "context"

// Server is what a server says that it is.
type Server struct {
	Product Product
	Version string // as it says, "" if it does not
}

// Product is a kind of server.
type Product string

// Products that are told apart.
const (
	Prometheus      Product = "Prometheus"
	VictoriaMetrics Product = "VictoriaMetrics"
	Thanos          Product = "Thanos"
	Mimir           Product = "Mimir"
	Unknown         Product = ""
)

// Server asks a server what it is. One that does not say is Unknown, which is no error.
func (c *Client) Server(ctx context.Context) (Server, error) { panic("") }

// Type returns the type of a metric, counter, gauge, histogram or another word of the
// server's, "" if it does not know.
func (c *Client) Type(ctx context.Context, metric string) (string, error) { panic("") }
