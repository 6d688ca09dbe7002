// Package client speaks to a house of parley over its HTTP API, with the three
// verbs of the desk: [House.Submit] does something in talks, [House.Read] reads
// a record, [House.Watch] goes on reading live.
//
// It promises that an act is entered once however often it has to be sent, that
// no entry is given twice or left out, and that a no of the house comes as a
// [*Problem] with the sentence for the person. It sends a token over TLS, or
// within this machine, and not otherwise. It keeps nothing, retries no refusal,
// and does not check proofs: receipts and bundles are for parley verify, or for
// any reader of C2SP tlog-proofs.
//
// Acts, their fields and the forms of answers are listed in docs/api.md and, for
// programs, at /api/openapi.json. The types here are the package's own; fields
// that a later house adds are overlooked.
package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A House is a server of parley. Make one with [New]; it may be used by many
// goroutines at once.
type House struct {
	base  *url.URL
	token string
	// HTTP sends the requests. It must not follow redirects to other hosts with
	// the token, which [http.Client] does not. Change it before first use, or
	// leave it as New has made it.
	HTTP *http.Client
	// Lang is the language of sentences, as in Accept-Language; empty for English.
	Lang string
}

// New returns the house at an address such as https://talks.example. The token
// is what parley token gave out; empty to read what is public.
func New(address, token string) (*House, error) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.User != nil {
		return nil, fmt.Errorf("%q is not the address of a house: write it like https://talks.example", address)
	}
	token = strings.TrimSpace(token)
	if token != "" && base.Scheme == "http" && !loopback(base.Hostname()) {
		return nil, fmt.Errorf("a token is not sent to %s without TLS: anybody on the way could act with it", base.Host)
	}
	return &House{base: base, token: token, HTTP: &http.Client{
		Transport:     http.DefaultTransport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// loopback reports whether a host name means this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// An Entry is an entry of a record as the token's owner may see it.
type Entry struct {
	Record    string          // name of the record
	Number    int64           // in its record, from 1
	Leaf      string          // RFC 6962 leaf hash, base64
	Time      time.Time       // when it was entered, UTC; zero if withheld
	Seat      string          // key of the author's seat
	Event     string          // what happened, by its name in the catalogue; empty if withheld
	Audience  []string        // groups of readers that it is for
	Marks     []string        // how it came in
	Says      []string        // in sentences; none if it is not for people
	Structure json.RawMessage // the event's structure
	Words     json.RawMessage // the event's words
	Destroyed bool            // the words were destroyed
	Receipt   string          // C2SP tlog-proof; in the answer to an act
}

// Withheld reports whether the entry is not for the token's owner: then it has
// record, number and leaf, and nothing else.
func (e Entry) Withheld() bool { return e.Event == "" }

// UnmarshalJSON reads an entry as the API writes it.
func (e *Entry) UnmarshalJSON(text []byte) error {
	form := struct {
		*entry
		Destroyed bool `json:"words-destroyed"`
	}{entry: (*entry)(e)}
	if err := json.Unmarshal(text, &form); err != nil {
		return err
	}
	e.Destroyed = form.Destroyed
	return nil
}

type entry Entry // without its method

// An Act is something to do in talks.
type Act struct {
	Name   string         // such as open-meeting
	Fields map[string]any // as docs/api.md lists them; times as time.Time or text
	// Request is the id under which it may be sent again, also by another
	// program or after a crash: 1 to 64 letters, digits, dots, hyphens or
	// underscores. Left empty, one is drawn.
	Request string
}

// Entered is what came of an act. When it is returned, it is durable.
type Entered struct {
	Entries  []Entry // each with its receipt
	Repeated bool    // the request was known, and this is its first answer
	Person   string  // id of a newcomer whom the act has seated
	Link     string  // the newcomer's link, which works once
	Request  string  // the id it was sent under
}

// tries is how often an act is sent when no answer comes.
const tries = 4

// Submit does something in talks. If no answer comes it sends the act again,
// under the same request id, a few times; so it is entered once or, when Submit
// returns an error that is no [*Problem], once or not at all: Request says under
// which id to ask.
func (h *House) Submit(ctx context.Context, talks string, act Act) (Entered, error) {
	out := Entered{Request: act.Request}
	if out.Request == "" {
		out.Request = rand.Text()
	}
	if act.Fields == nil {
		act.Fields = map[string]any{}
	}
	body, err := json.Marshal(act.Fields)
	if err != nil {
		return out, fmt.Errorf("the fields of %s: %w", act.Name, err)
	}
	pause := 100 * time.Millisecond
	for left := tries; ; pause *= 3 {
		err = h.submit(ctx, talks, act.Name, body, &out)
		var no *Problem
		if left--; err == nil || left == 0 || errors.As(err, &no) || !wait(ctx, pause) {
			return out, err
		}
	}
}

func (h *House) submit(ctx context.Context, talks, act string, body []byte, out *Entered) error {
	header := http.Header{"Content-Type": {"application/json"}, "Request-Id": {out.Request}}
	answer, err := h.ask(ctx, http.MethodPost, []string{"api", "talks", talks, "acts", act}, nil, body, header)
	if err != nil {
		return err
	}
	request := out.Request
	err = decode(answer, out)
	out.Request = request
	return err
}

// wait waits, and reports whether there is still anybody to wait for.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// Names of records that need not be looked up; those of rooms are in [House.Records].
const (
	Joint  = "joint"
	Public = "public"
)

// Read yields the entries of a record behind number after, up to where the
// record ended when the last of them was asked for. It ends with the first error.
func (h *House) Read(ctx context.Context, talks, record string, after int64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for more := true; more; {
			var page struct {
				Record  string
				Entries []Entry
				Next    int64
			}
			query := url.Values{"record": {record}, "after": {strconv.FormatInt(after, 10)}}
			answer, err := h.ask(ctx, http.MethodGet, []string{"api", "talks", talks, "record"}, query, nil, nil)
			if err == nil {
				err = decode(answer, &page)
			}
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for _, e := range page.Entries {
				e.Record = page.Record
				if !yield(e, nil) {
					return
				}
			}
			more, after = page.Next > after, page.Next
		}
	}
}

// A Record is a record that the token's owner may open.
type Record struct {
	Name       string `json:"record"`
	Size       int64  // entries in it
	Checkpoint string // its head as the house has signed it, a C2SP checkpoint
}

// Records lists the records of talks: the joint one first, then the public one,
// then rooms.
func (h *House) Records(ctx context.Context, talks string) ([]Record, error) {
	answer, err := h.ask(ctx, http.MethodGet, []string{"api", "talks", talks, "records"}, nil, nil, nil)
	if err != nil {
		return nil, err
	}
	var list struct{ Records []Record }
	return list.Records, decode(answer, &list)
}

// ask sends a request. An answer that is not 200 is an error.
func (h *House) ask(ctx context.Context, method string, path []string, query url.Values, body []byte, header http.Header) (*http.Response, error) {
	for i, part := range path {
		path[i] = url.PathEscape(part)
	}
	address := h.base.JoinPath(path...)
	address.RawQuery = query.Encode()
	r, err := http.NewRequestWithContext(ctx, method, address.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for key, value := range header {
		r.Header[key] = value
	}
	if h.token != "" {
		r.Header.Set("Authorization", "Bearer "+h.token)
	}
	if h.Lang != "" {
		r.Header.Set("Accept-Language", h.Lang)
	}
	answer, err := h.HTTP.Do(r)
	if err != nil {
		return nil, fmt.Errorf("no answer from the house: %w", err)
	}
	if answer.StatusCode == http.StatusOK {
		return answer, nil
	}
	defer answer.Body.Close()
	return nil, problemOf(answer)
}

// mostAnswer is the largest answer that is taken in whole, in bytes. A page of a
// record has about 4 MB.
const mostAnswer = 64 << 20

func decode(answer *http.Response, into any) error {
	defer answer.Body.Close()
	if err := json.NewDecoder(io.LimitReader(answer.Body, mostAnswer)).Decode(into); err != nil {
		return fmt.Errorf("the answer of the house broke off: %w", err)
	}
	return nil
}

// A Problem is a no of the house (RFC 9457).
type Problem struct {
	Type     string // urn:parley:refusal: and a word for what is wrong
	Title    string
	Status   int    // of HTTP
	Detail   string // one sentence that a person can act on
	Instance string // path of the request
	Kind     Kind
	Rule     int // of the rules of procedure; 0 for none
}

// Error is the sentence for the person.
func (p *Problem) Error() string { return p.Detail }

// A Kind says what the person may do about a problem.
type Kind string

// The kinds of problems.
const (
	Invalid    Kind = "invalid"      // put it differently
	Absent     Kind = "absent"       // it is not there, or not yours to know of
	Denied     Kind = "denied"       // ask somebody who is entitled to it
	OutOfOrder Kind = "out of order" // wait, or ask the chair
	Stale      Kind = "stale"        // look again, then decide
	Fault      Kind = "fault"        // the house's own; an act may or may not have been entered
)

func problemOf(answer *http.Response) error {
	var p Problem
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	err := json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&p)
	if kind != "application/problem+json" || err != nil || p.Detail == "" {
		return fmt.Errorf("this is not a house of parley: %s", answer.Status)
	}
	return &p
}
