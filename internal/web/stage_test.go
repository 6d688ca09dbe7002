package web_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"flag"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/docs"
	"parley/internal/access"
	"parley/internal/memory"
	"parley/internal/parleytest"
	"parley/internal/phrasebook"
	"parley/internal/script"
	"parley/internal/secretariat"
	"parley/internal/web"
)

var screenshots = flag.Bool("screenshots", false, "write screenshots of the pages to docs/screenshots")

var book = phrasebook.MustOpen()

// A stage is a house with pages, and a cast that comes in by links like anybody:
// Ada mediates and chairs; Njeri speaks for Kenya, with Wanjiku beside her;
// Otieno for Uganda; Olga observes; Hosni hosts; Nairobi reads along at home;
// Mallory has no seat and tries the door.
type stage struct {
	*parleytest.House
	t      testing.TB
	Door   *access.Door
	Site   http.Handler
	Server *httptest.Server
	people map[string]access.PersonID
	cookie map[string]string
}

// chance is a stream of bytes that is the same every time.
type chance struct {
	mu  sync.Mutex
	src *rand.ChaCha8
}

func (c *chance) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.src.Read(b)
}

// empty is a stage with an empty house, where Ada holds the first link.
func empty(t testing.TB) *stage {
	s := &stage{House: parleytest.NewHouse(t, new(memory.Log)), t: t, people: map[string]access.PersonID{}, cookie: map[string]string{}}
	seed := &chance{src: rand.NewChaCha8([32]byte{7})}
	s.Door = &access.Door{Store: new(memory.Access), Now: func() time.Time { return s.Clock }, Rand: seed, LoginIdle: 12 * time.Hour}
	s.Site = s.fresh()
	s.Server = httptest.NewServer(s.Site)
	t.Cleanup(s.Server.Close)
	s.enrol("ada", "Ada Lovelace", secretariat.ConvenePurpose("lake"))
	return s
}

// enrol lets somebody into the house, by a link for that purpose.
func (s *stage) enrol(who, name, purpose string) {
	s.t.Helper()
	p, err := s.Door.Enrol(context.Background(), name)
	s.must(err)
	s.people[who] = p.ID
	link, _, err := s.Door.Invite(context.Background(), p.ID, purpose)
	s.must(err)
	login, _, err := s.Door.Redeem(context.Background(), link.Text(), "Test")
	s.must(err)
	s.cookie[who] = login.Text()
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) caller(who string) secretariat.Caller {
	if who == "" {
		return secretariat.Caller{}
	}
	v, err := s.Door.Who(context.Background(), s.cookie[who])
	s.must(err)
	return secretariat.CallerOf(v)
}

// do has somebody do an act at the desk, written as in a play: a field that is
// a person names one of the cast.
func (s *stage) do(who, line string) {
	s.t.Helper()
	act, rest, _ := strings.Cut(line, " ")
	fields := script.Fields(rest)
	if p := fields["person"]; len(p) == 1 {
		fields["person"] = []string{string(s.people[p[0]])}
	}
	a, err := secretariat.Acts.FromWords(act, fields)
	s.must(err)
	if _, err := s.Desk.Submit(context.Background(), "lake", s.caller(who), secretariat.Submission{Act: a}); err != nil {
		s.t.Fatalf("%s: %s: %v", who, line, err)
	}
}

// seated is a stage with the talks convened and everybody in their seats.
func seated(t testing.TB) *stage {
	s := empty(t)
	for _, name := range []string{"Njeri Wa", "Wanjiku Ka", "Otieno Ok", "Olga Ob", "Hosni Ho", "Nairobi Desk", "Mallory"} {
		who, _, _ := strings.Cut(strings.ToLower(name), " ")
		s.enrol(who, name, "")
	}
	s.do("ada", `convene title="The lake treaty talks" mediation="The Lake Commission" zone=Africa/Nairobi template=diplomatic name="Ada Lovelace"`)
	s.do("ada", `admit-party party=uganda name=Uganda`)
	s.do("ada", `admit-party party=kenya name=Kenya`)
	s.do("ada", `accredit party=kenya person=njeri name="Njeri Wa" as=head powers=negotiate powers=adopt-ad-referendum offices="Minister of Water"`)
	s.do("ada", `accredit party=kenya person=wanjiku name="Wanjiku Ka" as=delegate`)
	s.do("ada", `accredit party=uganda person=otieno name="Otieno Ok" as=head`)
	s.do("ada", `admit-observer person=olga name="Olga Ob" as=observer`)
	s.do("ada", `name-host person=hosni name="Hosni Ho"`)
	s.do("ada", `name-chair seat=s1`)
	s.do("njeri", `seat-capital person=nairobi name="Nairobi Desk" offices="State House"`)
	return s
}

// inSession is a stage with a meeting open and something said in it.
func inSession(t testing.TB) *stage {
	s := seated(t)
	s.do("ada", `announce title="Talks on the lake" text="Kenya and Uganda talk."`)
	s.do("ada", `open-meeting title="First meeting"`)
	s.do("njeri", `arrive`)
	s.do("njeri", `ask-for-floor`)
	s.do("otieno", `ask-for-floor`)
	s.Clock = s.Clock.Add(3 * time.Minute)
	s.do("ada", `give-floor`)
	s.Clock = s.Clock.Add(4 * time.Minute)
	s.do("njeri", `speak text="The lake has no owner." kept=exact`)
	s.do("ada", `give-floor`)
	return s
}

// An answer is what a browser gets.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

func (s *stage) request(who, method, path string, body io.Reader, kind string) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, "http://house.example"+path, body)
	if c := s.cookie[who]; c != "" {
		r.AddCookie(&http.Cookie{Name: "parley", Value: c})
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	w := httptest.NewRecorder()
	s.Site.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

func (s *stage) get(who, path string) answer {
	s.t.Helper()
	return s.request(who, "GET", path, nil, "")
}

// page is get of what must be a page.
func (s *stage) page(who, path string) *page {
	s.t.Helper()
	a := s.get(who, path)
	if a.Status != http.StatusOK {
		s.t.Fatalf("%s gets %s: %d\n%s", or(who, "an outsider"), path, a.Status, a.Body)
	}
	return read(s.t, a.Body)
}

func (s *stage) post(who, path string, form url.Values) answer {
	s.t.Helper()
	return s.request(who, "POST", path, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded")
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// values reads `text="…" kept=exact` as a form.
func values(line string) url.Values { return url.Values(script.Fields(line)) }

// live opens a stream and returns its events as they come.
func (s *stage) live(who, path, lastID string) (events <-chan string, stop func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "GET", s.Server.URL+path, nil)
	s.must(err)
	if c := s.cookie[who]; c != "" {
		r.AddCookie(&http.Cookie{Name: "parley", Value: c})
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	res, err := http.DefaultClient.Do(r)
	s.must(err)
	if res.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(res.Body)
		s.t.Fatalf("%s listens to %s: %d\n%s", who, path, res.StatusCode, b)
	}
	out := make(chan string, 100)
	go func() {
		defer close(out)
		defer res.Body.Close()
		var rest []byte
		buf := make([]byte, 64<<10)
		for {
			n, err := res.Body.Read(buf)
			rest = append(rest, buf[:n]...)
			for {
				i := bytes.Index(rest, []byte("\n\n"))
				if i < 0 {
					break
				}
				out <- string(rest[:i])
				rest = rest[i+2:]
			}
			if err != nil {
				return
			}
		}
	}()
	s.t.Cleanup(cancel)
	return out, cancel
}

// next returns the next event of a kind, or fails.
func next(t testing.TB, events <-chan string, kind string) string {
	t.Helper()
	late := time.After(10 * time.Second)
	for {
		select {
		case e, ok := <-events:
			if !ok {
				t.Fatalf("the stream has ended, and no %s came", kind)
			}
			if strings.Contains(e, "event: "+kind+"\n") {
				return e
			}
		case <-late:
			t.Fatalf("no %s came in ten seconds", kind)
		}
	}
}

// send sends a request as it is, over TLS or not.
func (s *stage) send(r *http.Request, secure bool) answer {
	if secure {
		r.TLS = &tls.ConnectionState{}
	}
	w := httptest.NewRecorder()
	s.Site.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

// size is how many entries the joint record has.
func (s *stage) size() string {
	head, err := s.Log.Head(context.Background(), "lake/joint")
	s.must(err)
	return strconv.FormatInt(head.Size, 10)
}

// fresh is the same house with pages that have rendered nothing yet.
func (s *stage) fresh() http.Handler {
	return web.New(web.Site{Desk: s.Desk, Door: s.Door, Book: book, Rand: s.Door.Rand, Rules: docs.Rules, Fault: func(err error) { s.t.Error("fault:", err) }})
}
