package main

import (
	"fmt"
	"io"
	"time"
)

// weekOfLogs is one rotated file of the edge proxy.
type weekOfLogs struct {
	start, end time.Time
	edge       *edge
}

// weeks returns the log files in order, each to be written once: what happens in
// one depends on those before.
func weeks() []weekOfLogs {
	e := newEdge()
	var out []weekOfLogs
	for start := time.Date(2026, 8, 31, 0, 0, 0, 0, berlin); start.Before(ended); {
		end := start.AddDate(0, 0, 7)
		out = append(out, weekOfLogs{start, end, e})
		start = end
	}
	return out
}

func (w weekOfLogs) write(out io.Writer) {
	for t := w.start.UTC(); t.Before(w.end) && t.Before(ended); t = t.Add(time.Minute) {
		w.edge.minute(out, t)
	}
}

// edge is the proxy in front of the storefront and the checkout.
type edge struct {
	random
	visitors                  []visitor
	orders                    int
	pageErrors, slowPages     spaced
	orderErrors, slowOrders   spaced
	gone, cancelled, redirect spaced
}

// visitor is a browser or a bot.
type visitor struct{ address, agent string }

func newEdge() *edge {
	e := &edge{
		random:      2026,
		orders:      48211,
		pageErrors:  spaced{every: 2600, left: 900},
		slowPages:   spaced{every: 29, left: 5},
		orderErrors: spaced{every: 370, left: 100},
		slowOrders:  spaced{every: 280, left: 50},
		gone:        spaced{every: 45},
		cancelled:   spaced{every: 190},
		redirect:    spaced{every: 30},
	}
	for range 14 {
		e.visitors = append(e.visitors, e.newVisitor())
	}
	return e
}

var agents = [...]string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0",
	"Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/about)",
}

// networks are those that RFC 5737 sets aside for documentation.
var networks = [...]string{"192.0.2.", "198.51.100.", "203.0.113."}

func (e *edge) newVisitor() visitor {
	address := fmt.Sprintf("%s%d", networks[e.under(len(networks))], 1+e.under(254))
	return visitor{address, agents[e.under(len(agents))]}
}

// minute writes the lines of one minute, by second.
func (e *edge) minute(w io.Writer, t time.Time) {
	busy := load(t, berlin)
	pages, orders := e.arrivals(busy*11/10), e.arrivals(e.orderRate(t, busy))
	probe := t.Minute()%15 == 7
	second := 0
	for left := pages + orders; left > 0; left-- {
		second += e.under((60 - second) / left)
		at := t.Add(time.Duration(second) * time.Second)
		if probe && second > 20 {
			e.probe(w, t)
			probe = false
		}
		if e.under(left) < pages {
			pages--
			e.page(w, at)
			continue
		}
		e.order(w, at)
	}
	if probe {
		e.probe(w, t)
	}
}

// arrivals returns how many of a thousand times n requests came, by chance.
func (e *edge) arrivals(n int) int {
	came := 0
	for range 4 {
		if e.chance(n / 4) {
			came++
		}
	}
	return came
}

// orderRate is higher while customers try again.
func (e *edge) orderRate(t time.Time, busy int) int {
	if deploy.contains(t) {
		return busy * 13 / 10
	}
	return busy * 3 / 4
}

// request is one line of the log.
type request struct {
	what   string // method and path
	status int
	bytes  int
	ms     int
}

func (e *edge) line(w io.Writer, at time.Time, v visitor, r request) {
	fmt.Fprintf(w, "%s - - [%s] \"%s HTTP/1.1\" %d %d \"-\" \"%s\" %d.%03d\n", v.address,
		at.In(berlin).Format("02/Jan/2006:15:04:05 -0700"), r.what, r.status, r.bytes, v.agent, r.ms/1000, r.ms%1000)
}

// visitor returns who asks; now and then somebody leaves and somebody comes.
func (e *edge) visitor() visitor {
	i := e.under(len(e.visitors))
	if e.chance(60) {
		e.visitors[i] = e.newVisitor()
	}
	return e.visitors[i]
}

// probe is the load balancer asking whether the shop is alive. It goes on while
// the shop is maintained, and no objective counts it.
func (e *edge) probe(w io.Writer, t time.Time) {
	e.line(w, t.Add(20*time.Second), visitor{"192.0.2.1", "probe/1.0"}, request{"GET /healthz", 200, 2, 1})
}

var pages = [...]request{
	{"GET /", 200, 18432, 0}, {"GET /", 200, 18432, 0}, {"GET /category/kitchen", 200, 22710, 0},
	{"GET /category/garden", 200, 21988, 0}, {"GET /category/paper", 200, 20114, 0},
	{"GET /products/blue-mug", 200, 15377, 0}, {"GET /products/tea-tin", 200, 15120, 0},
	{"GET /products/notebook-a5", 200, 14902, 0}, {"GET /products/watering-can", 200, 15644, 0},
	{"GET /products/desk-lamp", 200, 15811, 0}, {"GET /cart", 200, 9120, 0}, {"GET /search?q=mug", 200, 16230, 0},
}

// Response times in milliseconds, by quantile: a page is fast up to 300 ms, an
// order up to a second.
var (
	fastPage  = curve{22, 41, 52, 63, 75, 88, 104, 126, 158, 204, 288}
	slowPage  = curve{309, 340, 380, 430, 500, 590, 720, 910, 1250, 1900, 4200}
	fastOrder = curve{61, 98, 120, 144, 170, 201, 242, 300, 390, 530, 940}
	slowOrder = curve{1040, 1200, 1500, 1900, 2600, 5100}
	timeout   = curve{3000, 3005, 3020}
)

func (e *edge) page(w io.Writer, at time.Time) {
	r := pages[e.under(len(pages))]
	r.ms = e.of(fastPage)
	switch {
	case maintained(at):
		r.status, r.bytes, r.ms = 503, 512, 3
	case e.pageErrors.of(1, &e.random) > 0:
		r.status, r.bytes = 500, 341
	case e.slowPages.of(1, &e.random) > 0, slowPages.contains(at) && e.chance(850):
		r.ms = e.of(slowPage)
	case e.gone.of(1, &e.random) > 0:
		r.what, r.status, r.bytes = "GET /wp-login.php", 404, 162
	case e.redirect.of(1, &e.random) > 0:
		r.what, r.status, r.bytes = "GET /account", 302, 0
	}
	e.line(w, at, e.visitor(), r)
}

func (e *edge) order(w io.Writer, at time.Time) {
	r := e.orderStep()
	r.ms = e.of(fastOrder)
	switch {
	case maintained(at):
		r.status, r.bytes, r.ms = 503, 512, 3
	case deploy.contains(at) && e.chance(900):
		r.status, r.bytes = 500, 97
		if e.chance(400) {
			r.status, r.bytes, r.ms = 503, 512, e.of(timeout)
		}
	case e.orderErrors.of(1, &e.random) > 0:
		r.status, r.bytes = 500, 97
	case e.slowOrders.of(1, &e.random) > 0:
		r.ms = e.of(slowOrder)
	case e.cancelled.of(1, &e.random) > 0:
		r.status, r.bytes = 499, 0
	}
	e.line(w, at, e.visitor(), r)
}

// orderStep returns one call of somebody who buys.
func (e *edge) orderStep() request {
	switch e.under(5) {
	case 0:
		e.orders++
		return request{"POST /api/checkout/orders", 201, 412, 0}
	case 1:
		return request{fmt.Sprintf("GET /api/checkout/orders/%d", e.orders), 200, 1288, 0}
	case 2:
		return request{"POST /api/checkout/payments", 200, 233, 0}
	}
	return request{"GET /api/checkout/shipping", 200, 604, 0}
}
