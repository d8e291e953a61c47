package email

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
)

// letter is a mail as a program reads it that knows nothing of this one.
type letter struct {
	header  mail.Header
	subject string
	plain   string
	page    string // as HTML
	files   []string
	bodies  [][]byte

	seen     string // texts of the page, each in a line
	before   string // what of it nobody sees but in a list of mails
	links    []string
	elements []string
}

// read takes a mail apart.
func read(body []byte) (letter, error) {
	m, err := mail.ReadMessage(bytes.NewReader(body))
	if err != nil {
		return letter{}, err
	}
	l := letter{header: m.Header}
	if l.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return l, err
	}
	if err := l.part(textproto.MIMEHeader(m.Header), m.Body); err != nil {
		return l, err
	}
	if !utf8.ValidString(l.plain) || !utf8.ValidString(l.page) {
		return l, errors.New("a part is not UTF-8")
	}
	doc, err := html.Parse(strings.NewReader(l.page))
	if err != nil {
		return l, err
	}
	return l, l.look(doc)
}

// part takes one part apart.
func (l *letter) part(h textproto.MIMEHeader, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		return l.parts(multipart.NewReader(body, params["boundary"]))
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(string(raw), "\r\n", "\n")
	switch disposition, file, _ := mime.ParseMediaType(h.Get("Content-Disposition")); {
	case disposition == "attachment":
		l.files, l.bodies = append(l.files, kind+" "+file["filename"]), append(l.bodies, raw)
	case params["charset"] != "utf-8":
		return fmt.Errorf("the charset is %q", params["charset"])
	case kind == "text/plain" && l.page == "" && l.plain == "":
		l.plain = text
	case kind == "text/html" && l.plain != "" && l.page == "":
		l.page = text
	default:
		return fmt.Errorf("there is a part %s where none belongs", kind)
	}
	return nil
}

func (l *letter) parts(r *multipart.Reader) error {
	for {
		p, err := r.NextPart() // which decodes quoted-printable
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := l.part(p.Header, p); err != nil {
			return err
		}
	}
}

// elements that a page has.
var elements = strings.Fields("html head meta title style body div table tbody tr td h1 h2 b br a")

// attributes of them.
var attributes = strings.Fields("lang http-equiv content name style role width height cellpadding cellspacing border " +
	"align valign bgcolor class colspan href")

// look walks over the page, and refuses what the Outlook of Windows does not draw.
func (l *letter) look(n *html.Node) error {
	if n.Type == html.ElementNode {
		l.elements = append(l.elements, n.Data)
		if !slices.Contains(elements, n.Data) {
			return fmt.Errorf("there is an element %s", n.Data)
		}
		for _, a := range n.Attr {
			if err := l.attribute(n, a); err != nil {
				return err
			}
		}
	}
	if n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" {
		switch {
		case strings.Contains(styleOf(n.Parent), "display:none"):
			l.before += n.Data
		case n.Parent.Data != "style" && n.Parent.Data != "title":
			l.seen += strings.TrimPrefix(n.Data, "\n") + "\n"
		}
	}
	if n.Type == html.CommentNode && !strings.HasPrefix(n.Data, "[if mso]><") {
		return fmt.Errorf("there is a comment %q", n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := l.look(c); err != nil {
			return err
		}
	}
	return nil
}

func styleOf(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "style" {
			return a.Val
		}
	}
	return ""
}

// undrawn are properties that Word does not know, or that fetch something.
var undrawn = regexp.MustCompile(`flex|grid|float|position|url\(|@import|expression`)

func (l *letter) attribute(n *html.Node, a html.Attribute) error {
	switch {
	case !slices.Contains(attributes, a.Key), a.Key == "style" && undrawn.MatchString(a.Val):
		return fmt.Errorf("there is %s=%q in %s", a.Key, a.Val, n.Data)
	case a.Key == "href" && (n.Data != "a" || !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "http://")):
		return fmt.Errorf("%s leads to %q", n.Data, a.Val)
	case a.Key == "href":
		l.links = append(l.links, a.Val)
	}
	return nil
}

// fields are those of a header, in their order; others do not belong.
var fields = strings.Fields("Date From Reply-To To Subject Message-ID In-Reply-To References Auto-Submitted " +
	"X-Auto-Response-Suppress List-Unsubscribe List-Unsubscribe-Post Content-Language MIME-Version Content-Type")

var (
	messageID = regexp.MustCompile(`^<[0-9a-f]+@[a-z.]+>$`)
	fieldName = regexp.MustCompile(`^([A-Za-z-]+): [ -~]+$`)
)

// takes holds a mail against RFC 5322 and 2045, and against what mail programs do.
func takes(p notify.Parcel) error {
	if err := lines(p.Body); err != nil {
		return err
	}
	l, err := read(p.Body)
	if err != nil {
		return err
	}
	to, err := l.header.AddressList("To")
	from, odd := l.header.AddressList("From")
	_, undated := l.header.Date()
	switch {
	case err != nil || odd != nil || undated != nil || len(to) != 1 || len(from) != 1 || to[0].Address != p.Part:
		return fmt.Errorf("the header is not as it must be: %v", l.header)
	case l.header.Get("Message-ID") != "<"+p.ID+">" || !messageID.MatchString("<"+p.ID+">"):
		return fmt.Errorf("the Message-ID is %q", l.header.Get("Message-ID"))
	case l.subject == "" || len(l.subject) > 998 || strings.ContainsFunc(l.subject, unicode.IsControl):
		return fmt.Errorf("the subject is %q", l.subject)
	case strings.ContainsFunc(strings.ReplaceAll(notifytest.Seen(l.plain+l.seen), "\n", ""), turns):
		return errors.New("there is a character that no reader shows")
	case len(quoted([]byte(l.page))) > 60<<10:
		return fmt.Errorf("the page has %d bytes", len(l.page))
	}
	return nil
}

// turns tells whether a character moves a cursor or turns text.
func turns(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// lines holds the lines of a mail against RFC 5322 2.1.1, and its header against 3.6.
func lines(body []byte) error {
	rest := strings.ReplaceAll(string(body), "\r\n", "\x00")
	if strings.ContainsAny(rest, "\r\n") || !strings.HasSuffix(rest, "\x00") {
		return errors.New("a line does not end with CR LF")
	}
	head, _, _ := strings.Cut(rest, "\x00\x00")
	var seen []string
	for line := range strings.SplitSeq(strings.ReplaceAll(head, "\x00 ", " "), "\x00") {
		name := fieldName.FindStringSubmatch(line)
		if name == nil || slices.Contains(seen, name[1]) || !slices.Contains(fields, name[1]) {
			return fmt.Errorf("a header line is %q", line)
		}
		seen = append(seen, name[1])
	}
	for line := range strings.SplitSeq(rest, "\x00") {
		if len(line) > 998 || strings.ContainsFunc(line, func(r rune) bool { return r > '~' || r < ' ' && r != '\t' }) {
			return fmt.Errorf("a line has %d bytes, or is not ASCII: %.100q", len(line), line)
		}
	}
	return nil
}
