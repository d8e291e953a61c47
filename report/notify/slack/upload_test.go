package slack

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/unit"
)

// api is a server that answers as Slack's methods do.
type api struct {
	*httptest.Server
	breaks string // the method that does not work
	answer string // with what
	status int    // 0 is 200

	posts  int
	files  []string // ID, name and bytes
	shared []string // file, channel and thread
}

func serve(t *testing.T, breaks, answer string) *api {
	a := &api{breaks: breaks, answer: answer}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	authorized := r.Header.Get("Authorization") == "Bearer "+notifytest.Canary
	switch {
	case method == a.breaks:
		w.WriteHeader(cmp.Or(a.status, http.StatusOK))
		fmt.Fprint(w, a.answer)
	case strings.HasPrefix(method, "upload-"):
		if r.Header.Get("Authorization") != "" {
			http.Error(w, "the token has no place here", http.StatusBadRequest)
			return
		}
		a.take(w, method, body)
	case !authorized:
		fmt.Fprint(w, `{"ok":false,"error":"invalid_auth"}`)
	case method == "chat.postMessage":
		a.post(w, body)
	case method == "files.getUploadURLExternal":
		a.address(w, r, body)
	case method == "files.completeUploadExternal":
		a.share(w, body)
	}
}

func (a *api) post(w http.ResponseWriter, body []byte) {
	if err := takes(body); err != nil {
		fmt.Fprintf(w, `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":[%q]}}`, err)
		return
	}
	a.posts++
	fmt.Fprint(w, `{"ok":true,"channel":"C0777","ts":"1700000000.000100"}`)
}

func (a *api) address(w http.ResponseWriter, r *http.Request, body []byte) {
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	length, err := strconv.Atoi(r.FormValue("length"))
	if err != nil || length <= 0 || r.FormValue("filename") == "" {
		fmt.Fprint(w, `{"ok":false,"error":"invalid_arguments"}`)
		return
	}
	id := fmt.Sprintf("F%d", len(a.files))
	a.files = append(a.files, fmt.Sprintf("%s %s %d", id, r.FormValue("filename"), length))
	fmt.Fprintf(w, `{"ok":true,"upload_url":"%s/upload-%s","file_id":%q}`, a.URL, id, id)
}

func (a *api) take(w http.ResponseWriter, method string, body []byte) {
	i, _ := strconv.Atoi(strings.TrimPrefix(method, "upload-F"))
	if !strings.HasSuffix(a.files[i], fmt.Sprintf(" %d", len(body))) {
		http.Error(w, "length differs", http.StatusBadRequest)
		return
	}
	a.files[i] += " " + string(body)
	fmt.Fprint(w, "OK")
}

func (a *api) share(w http.ResponseWriter, body []byte) {
	var in struct {
		Files []struct {
			ID    string `json:"id"`
			Title string `json:"title"`
		} `json:"files"`
		Channel string `json:"channel_id"`
		Thread  string `json:"thread_ts"`
	}
	json.Unmarshal(body, &in)
	for _, f := range in.Files {
		a.shared = append(a.shared, fmt.Sprintf("%s %s in %s below %s", f.ID, f.Title, in.Channel, in.Thread))
	}
	fmt.Fprint(w, `{"ok":true}`)
}

// report returns a summary with files.
func report() notify.Message {
	m := notifytest.Summary(unit.English)
	m.Files = []notify.File{
		{Name: "report.html", Form: "html", Type: "text/html", Body: []byte("<p>")},
		{Name: "report.csv", Type: "text/csv", Body: []byte("a,b")},
		{Name: "empty.html", Form: "html", Type: "text/html"},
		{Name: "report.xlsx", Form: "excel", Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Body: []byte("PK")},
	}
	return m
}

// Reports that are asked for stand below the message, in the channel where all see
// them. Others, and empty ones, which Slack does not take, stay away.
func TestUpload(t *testing.T) {
	a := serve(t, "", "")
	d := openedBot(t, a.URL)
	p, err := d.Pack(report())
	if err != nil {
		t.Fatal(err)
	}
	r := d.Send(t.Context(), p[0])
	if r.Outcome != notify.Sent || r.Err != nil || r.Ref != "C0777/1700000000.000100" || a.posts != 1 {
		t.Errorf("got %s %s (%v) after %d posts", r.Outcome, r.Ref, r.Err, a.posts)
	}
	if got, want := strings.Join(a.files, "; "), "F0 report.html 3 <p>; F1 report.xlsx 2 PK"; got != want {
		t.Errorf("uploaded are %s, want %s", got, want)
	}
	want := "F0 report.html in C0777 below 1700000000.000100; F1 report.xlsx in C0777 below 1700000000.000100"
	if got := strings.Join(a.shared, "; "); got != want {
		t.Errorf("shared are %s, want %s", got, want)
	}
	if !strings.HasSuffix(string(p[0].Body), "\nreport.html (text/html, 3 bytes)\n"+
		"report.xlsx (application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, 2 bytes)") {
		t.Errorf("the parcel does not tell of its files:\n%s", p[0].Body)
	}
}

// A message whose files fail is there: its receipt says so, and what is missing.
func TestUploadFails(t *testing.T) {
	for _, c := range []struct{ breaks, answer, want string }{
		{"files.getUploadURLExternal", `{"ok":false,"error":"missing_scope"}`, "missing_scope"},
		{"files.getUploadURLExternal", `{"ok":true,"upload_url":"","file_id":"F9"}`, "no address to upload to"},
		{"files.getUploadURLExternal", `{"ok":true,"upload_url":"file:///etc/passwd","file_id":"F9"}`, "no address to upload to"},
		{"files.getUploadURLExternal", `{"ok":true,"upload_url":"http://127.0.0.1:1/` + notifytest.Canary + `","file_id":"F9"}`, "127.0.0.1:1"},
		{"files.completeUploadExternal", `{"ok":false,"error":"fatal_error"}`, "fatal_error"},
		{"files.completeUploadExternal", `<html>`, "answers 200, but not as it does"},
	} {
		a := serve(t, c.breaks, c.answer)
		d := openedBot(t, a.URL)
		p, err := d.Pack(report())
		if err != nil {
			t.Fatal(err)
		}
		r := d.Send(t.Context(), p[0])
		if r.Outcome != notify.Sent || a.posts != 1 || len(a.shared) > 0 || r.Err == nil {
			t.Errorf("%s %s: got %s (%v) after %d posts, shared %q", c.breaks, c.answer, r.Outcome, r.Err, a.posts, a.shared)
			continue
		}
		if text := r.Err.Error(); !strings.HasPrefix(text, "the message is posted, but not all of its reports: ") ||
			!strings.Contains(text, c.want) || strings.Contains(text, notifytest.Canary) {
			t.Errorf("%s %s: error is %q", c.breaks, c.answer, text)
		}
	}
}

// One report that fails does not take the other with it.
func TestUploadHalf(t *testing.T) {
	a := serve(t, "upload-F0", "")
	a.status = http.StatusInternalServerError
	d := openedBot(t, a.URL)
	p, _ := d.Pack(report())
	r := d.Send(t.Context(), p[0])
	shared := strings.Join(a.shared, "; ")
	if r.Outcome != notify.Sent || r.Err == nil || !strings.Contains(r.Err.Error(), "report.html: ") ||
		shared != "F1 report.xlsx in C0777 below 1700000000.000100" {
		t.Errorf("got %s (%v), shared %q", r.Outcome, r.Err, shared)
	}
}

// A message that Slack refuses uploads nothing.
func TestRefusedUploadsNothing(t *testing.T) {
	a := serve(t, "chat.postMessage", `{"ok":false,"error":"not_in_channel"}`)
	d := openedBot(t, a.URL)
	p, _ := d.Pack(report())
	r := d.Send(t.Context(), p[0])
	if r.Outcome != notify.Refused || len(a.files) > 0 || !strings.Contains(r.Err.Error(), "hint: invite the bot to the channel") {
		t.Errorf("got %s (%v), uploaded %q", r.Outcome, r.Err, a.files)
	}
}
