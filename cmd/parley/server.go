package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"parley/internal/api"
	"parley/internal/ruling"
	"parley/internal/secretariat"
)

// A server is a place that is reached over its API.
type server struct {
	base   *url.URL
	token  string
	client *http.Client
}

// mostAnswer is the largest answer that is taken in whole, in bytes.
const mostAnswer = 64 << 20

// connect reads address and token. Nothing is sent yet.
func (t *terminal) connect(w whereabouts) (place, error) {
	base, err := url.Parse(w.server)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.User != nil {
		return nil, no(ruling.Invalid, "cli.server-address", "Given", w.server)
	}
	s := &server{base: base, client: &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
	}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if s.token, err = t.readToken(w.tokenFile); err != nil {
		return nil, err
	}
	if s.token != "" && base.Scheme == "http" && !loopback(base.Hostname()) {
		return nil, no(ruling.Invalid, "cli.token-in-the-clear", "Host", base.Host)
	}
	return s, nil
}

// readToken reads the token from its file, or from the environment. Without
// either, the server shows what is public.
func (t *terminal) readToken(file string) (string, error) {
	text := t.getenv("PARLEY_TOKEN")
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return "", no(ruling.Absent, "cli.token-file", "File", file)
		}
		text = string(b)
	}
	text = strings.TrimSpace(text)
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) || len(text) > 200 {
		return "", no(ruling.Invalid, "cli.token-shape")
	}
	return text, nil
}

// loopback reports whether a host name means this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// A refusedThere is a refusal by the server.
type refusedThere struct{ api.Problem }

func (r *refusedThere) Error() string { return r.Detail }

// ask sends a request and returns the answer if it is one.
func (s *server) ask(ctx context.Context, method, path string, query url.Values, body []byte, header http.Header) (*http.Response, error) {
	address := s.base.JoinPath(path)
	address.RawQuery = query.Encode()
	r, err := http.NewRequestWithContext(ctx, method, address.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for k, v := range header {
		r.Header[k] = v
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		var why *url.Error
		if errors.As(err, &why) {
			err = why.Err // the address is said in our own sentence
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, no(ruling.Fault, "cli.no-answer", "Server", s.base.String(), "Why", err.Error())
	}
	if answer.StatusCode == http.StatusOK {
		return answer, nil
	}
	defer answer.Body.Close()
	return nil, s.refusal(answer)
}

// refusal reads why the server said no.
func (s *server) refusal(answer *http.Response) error {
	var p api.Problem
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	err := json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&p)
	if kind != api.ProblemType || err != nil || p.Detail == "" {
		return no(ruling.Fault, "cli.not-parley", "Server", s.base.String(), "Status", answer.Status)
	}
	return &refusedThere{p}
}

func (s *server) enter(ctx context.Context, talks, act string, fields map[string][]string, request string) (api.Entered, error) {
	// The catalogue reads the words here too, so that what is misspelled is
	// said before anything is sent, and in the same sentence.
	body, err := secretariat.Acts.Object(act, fields)
	if err == nil {
		_, err = secretariat.Acts.Parse(act, body)
	}
	if err != nil {
		return api.Entered{}, err
	}
	answer, err := s.ask(ctx, http.MethodPost, "/api/talks/"+url.PathEscape(talks)+"/acts/"+url.PathEscape(act), nil, body,
		http.Header{"Content-Type": {"application/json"}, "Request-Id": {request}})
	if err != nil {
		return api.Entered{}, err
	}
	var out api.Entered
	return out, s.decode(answer, &out)
}

func (s *server) decode(answer *http.Response, into any) error {
	defer answer.Body.Close()
	if err := json.NewDecoder(io.LimitReader(answer.Body, mostAnswer)).Decode(into); err != nil {
		return no(ruling.Fault, "cli.not-parley", "Server", s.base.String(), "Status", err.Error())
	}
	return nil
}

func (s *server) read(ctx context.Context, talks, which string, after int64) iter.Seq2[api.Entry, error] {
	return func(yield func(api.Entry, error) bool) {
		for more := true; more; {
			var page api.Page
			answer, err := s.ask(ctx, http.MethodGet, "/api/talks/"+url.PathEscape(talks)+"/record",
				url.Values{"record": {which}, "after": {strconv.FormatInt(after, 10)}}, nil, nil)
			if err == nil {
				err = s.decode(answer, &page)
			}
			if err != nil {
				yield(api.Entry{}, err)
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

func (s *server) records(ctx context.Context, talks string) (api.Records, error) {
	var out api.Records
	answer, err := s.ask(ctx, http.MethodGet, "/api/talks/"+url.PathEscape(talks)+"/records", nil, nil, nil)
	if err != nil {
		return out, err
	}
	return out, s.decode(answer, &out)
}

func (s *server) export(ctx context.Context, talks string, w io.Writer) error {
	answer, err := s.ask(ctx, http.MethodGet, "/api/talks/"+url.PathEscape(talks)+"/bundle", nil, nil, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(w, answer.Body); err != nil {
		return fmt.Errorf("the bundle broke off: %w", err)
	}
	return nil
}

func (s *server) close() error {
	s.client.CloseIdleConnections()
	return nil
}
