package access

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/nines-slo/nines/sources"
)

// The key of the examples that AWS publishes.
const (
	exampleKey    = "AKIDEXAMPLE"
	exampleSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
)

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func hexHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// signature returns what AWS says the signature of a request has to be, step by step,
// of the headers that are named: "Create a signed AWS API request" of the IAM guide.
func signature(req *http.Request, body, secret, scope string, signed []string) string {
	canonical := req.Method + "\n" + req.URL.EscapedPath() + "\n"
	if req.URL.Path == "" {
		canonical = req.Method + "\n/\n"
	}
	var query []string
	for name, values := range req.URL.Query() {
		for _, v := range values {
			escaped := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
			query = append(query, escaped(name)+"="+escaped(v))
		}
	}
	slices.Sort(query)
	canonical += strings.Join(query, "&") + "\n"
	for _, name := range signed {
		value := req.Header.Get(name)
		switch name {
		case "host":
			value = req.URL.Host
		case "content-length":
			value = fmt.Sprint(len(body))
		}
		canonical += name + ":" + strings.TrimSpace(value) + "\n"
	}
	canonical += "\n" + strings.Join(signed, ";") + "\n" + hexHash(body)
	toSign := "AWS4-HMAC-SHA256\n" + req.Header.Get("X-Amz-Date") + "\n" + scope + "\n" + hexHash(canonical)
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, toSign))
}

// verify returns why a request is not signed by a secret, "" if it is.
func verify(req *http.Request, body, secret string) string {
	var credential, headers, said string
	text := strings.NewReplacer(",", "", "=", " ").Replace(req.Header.Get("Authorization"))
	if n, err := fmt.Sscanf(text, "AWS4-HMAC-SHA256 Credential %s SignedHeaders %s Signature %s", &credential, &headers, &said); n != 3 {
		return fmt.Sprintf("%q: %v", text, err)
	}
	parts := strings.Split(credential, "/")
	scope := strings.Join(parts[max(len(parts)-4, 0):], "/")
	signed := strings.Split(headers, ";")
	for _, name := range []string{"host", "x-amz-date"} {
		if !slices.Contains(signed, name) {
			return name + " is not signed"
		}
	}
	for name := range req.Header {
		if strings.HasPrefix(name, "X-Amz-") && !slices.Contains(signed, strings.ToLower(name)) {
			return name + " is not signed"
		}
	}
	if want := signature(req, body, secret, scope, signed); said != want {
		return fmt.Sprintf("signature %s, want %s", said, want)
	}
	return ""
}

// The verifier agrees with the examples that AWS publishes.
func TestVerifier(t *testing.T) {
	for _, c := range []struct{ method, at, body, kind, scope, want string }{
		{"GET", "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", "", "application/x-www-form-urlencoded; charset=utf-8",
			"20150830/us-east-1/iam/aws4_request", "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"},
		{"POST", "https://example.amazonaws.com/", "Param1=value1", "application/x-www-form-urlencoded",
			"20150830/us-east-1/service/aws4_request", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
	} {
		req, err := http.NewRequest(c.method, c.at, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", c.kind)
		req.Header.Set("X-Amz-Date", "20150830T123600Z")
		if got := signature(req, c.body, exampleSecret, c.scope, []string{"content-type", "host", "x-amz-date"}); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.method, c.at, got, c.want)
		}
	}
}

// Requests of all sorts are signed as AWS wants it, and told from others.
func TestSign(t *testing.T) {
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	const workspace = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/query_range"
	for _, c := range []struct{ method, at, body, token string }{
		{http.MethodGet, workspace, "", ""},
		{http.MethodGet, workspace + "?query=up%7Ba%3D%22b+c%22%7D&start=1&end=2", "", ""},
		{http.MethodGet, workspace + "?b=2&a=%2B&a=1", "", "session"},
		{http.MethodPost, workspace, "query=sum%28up%29&step=60", ""},
		{http.MethodPost, workspace + "?stats=all", "query=up", "session"},
		{http.MethodPost, "https://localhost:8443", "\x00\xff", ""},
	} {
		req, err := http.NewRequest(c.method, c.at, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if c.body != "" {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		req.Header["Idempotency-Key"] = nil // of what is not sent
		req.Header.Set("X-Scope-OrgID", "shop")
		if err := sign(req, aws.Credentials{AccessKeyID: exampleKey, SecretAccessKey: exampleSecret, SessionToken: c.token}, "eu-west-1", at); err != nil {
			t.Fatal(err)
		}
		if why := verify(req, c.body, exampleSecret); why != "" {
			t.Errorf("%s %s: %s", c.method, c.at, why)
		}
		if verify(req, c.body+"x", exampleSecret) == "" || verify(req, c.body, exampleSecret+"x") == "" {
			t.Errorf("%s %s: is signed by anybody", c.method, c.at)
		}
		if _, says := req.Header["Idempotency-Key"]; !says || req.Header.Get("X-Scope-OrgID") != "shop" || req.Header.Get("X-Amz-Security-Token") != c.token {
			t.Errorf("%s %s: got header %v", c.method, c.at, req.Header)
		}
		if !strings.Contains(req.Header.Get("Authorization"), "Credential=AKIDEXAMPLE/20261130/eu-west-1/aps/aws4_request, ") {
			t.Errorf("got %s", req.Header.Get("Authorization"))
		}
		if text, _ := io.ReadAll(req.Body); string(text) != c.body {
			t.Errorf("the body is %q", text)
		}
	}
}

// The key is that which the block names, else that of the usual variables.
func TestSigV4(t *testing.T) {
	for _, c := range []struct{ block, secret, token string }{
		{"{region: eu-west-1}", "hush/AWS_SECRET_ACCESS_KEY", "hush/AWS_SESSION_TOKEN"},
		{"{region: eu-west-1, access_key_env: A, secret_key_env: B}", "hush/B", ""},
		{"{region: eu-west-1, access_key_env: A, secret_key_env: B, session_token_env: C}", "hush/B", "hush/C"},
	} {
		caller, err := open(t, "url: https://aps.example/ws\nsigv4: "+c.block, ".", trip(func(req *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(req.Body)
			if err != nil {
				return nil, err
			}
			return answers(200, verify(req, string(body), c.secret)+req.Header.Get("X-Amz-Security-Token")), nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		req, _ := http.NewRequest(http.MethodPost, "https://aps.example/ws/api", strings.NewReader("query=up"))
		resp, err := sources.Do(caller, req)
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := io.ReadAll(resp.Body); string(text) != c.token {
			t.Errorf("%s: got %s, want %s", c.block, text, c.token)
		}
		if got := caller.Hide(c.secret + c.token); strings.Contains(got, "hush") {
			t.Errorf("%s: shows %s", c.block, got)
		}
		req, _ = http.NewRequest(http.MethodPost, "https://aps.example/ws/api", io.NopCloser(strings.NewReader("query=up")))
		if _, err := sources.Do(caller, req); sources.ClassOf(err) != sources.Cannot {
			t.Errorf("a stream: got %v", err)
		}
	}
}
