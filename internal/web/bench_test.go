package web_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// talkative is a stage on which a meeting has so many entries that people read:
// a round of asking, giving and speaking, with statements of some length.
func talkative(b *testing.B, entries int) *stage {
	s := seated(b)
	s.do("ada", `open-meeting title="First meeting"`)
	for i := 0; i < entries/4+1; i++ {
		who := []string{"njeri", "otieno"}[i%2]
		s.Clock = s.Clock.Add(30 * time.Second)
		s.do(who, "ask-for-floor")
		s.do("ada", "give-floor")
		s.do(who, fmt.Sprintf(`speak kept=exact text="Statement %d. %s"`, i, strings.Repeat("The level of the lake is what it is. ", 8)))
		s.do("ada", fmt.Sprintf(`set-time-limit minutes=%d`, 1+i%30))
	}
	return s
}

// BenchmarkMeetingPage200 renders the meeting room with 200 entries for a head
// of delegation. It reports the markup besides the words, of one page.
func BenchmarkMeetingPage200(b *testing.B) {
	s := talkative(b, 200)
	a := s.get("njeri", "/talks/lake/meeting")
	p := read(b, a.Body)
	if n := len(p.all("#entries li")); n < 199 {
		b.Fatalf("the page has %d entries", n)
	}
	said := 0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			said += len(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(p.root)
	markup := float64(len(a.Body)-said) / 1000
	r := httptest.NewRequest("GET", "http://house.example/talks/lake/meeting", nil)
	r.AddCookie(&http.Cookie{Name: "parley", Value: s.cookie["njeri"]})
	for _, kind := range []string{"warm", "cold"} {
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				site := s.Site
				if kind == "cold" { // a house that has rendered no entry yet
					b.StopTimer()
					site = s.fresh()
					b.StartTimer()
				}
				w := httptest.NewRecorder()
				site.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
			b.ReportMetric(markup, "kB-markup")
			b.ReportMetric(float64(said)/1000, "kB-words")
		})
	}
}

// BenchmarkFanOut1000 enters a statement while a thousand people of the two
// delegations and the mediation look at the meeting, each over a connection of
// their own, and reports when they have it: measured from before the act is
// submitted to when the event is read, in this same process.
func BenchmarkFanOut1000(b *testing.B) {
	const readers = 1000
	s := talkative(b, 20)
	server := httptest.NewServer(s.Site)
	defer server.Close()
	crowd := newCrowd(b, s, server.URL, readers)
	defer crowd.leave()
	var took []time.Duration
	n := 0
	for b.Loop() {
		n++
		mark := fmt.Sprintf("MARK %d.", n)
		crowd.await(mark)
		begun := time.Now()
		s.do("ada", fmt.Sprintf(`speak kept=exact text="%s"`, mark))
		took = append(took, crowd.heard(b, begun)...)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(readers, "readers")
}

// A crowd listens, each over a connection, and says when it has heard.
type crowd struct {
	mu    sync.Mutex
	mark  []byte
	times chan time.Time
	stop  context.CancelFunc
	n     int
}

func newCrowd(b *testing.B, s *stage, address string, n int) *crowd {
	ctx, stop := context.WithCancel(context.Background())
	c := &crowd{times: make(chan time.Time, n), stop: stop, n: n}
	client := &http.Client{Transport: &http.Transport{MaxIdleConns: 0, DisableKeepAlives: true}}
	cast := []string{"njeri", "wanjiku", "otieno", "olga", "nairobi", "ada"}
	var joined sync.WaitGroup
	for i := range n {
		joined.Add(1)
		r, err := http.NewRequestWithContext(ctx, "GET", address+"/talks/lake/stream/meeting?after="+s.size(), nil)
		s.must(err)
		r.AddCookie(&http.Cookie{Name: "parley", Value: s.cookie[cast[i%len(cast)]]})
		go c.listen(b, client, r, &joined)
		if i%50 == 49 {
			joined.Wait() // so that the system's queue of connections does not overflow
		}
	}
	joined.Wait()
	return c
}

func (c *crowd) listen(b *testing.B, client *http.Client, r *http.Request, joined *sync.WaitGroup) {
	res, err := client.Do(r)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Error("a reader is not let in:", err)
		joined.Done()
		return
	}
	defer res.Body.Close()
	in := bufio.NewReader(res.Body)
	if _, err := in.ReadBytes('\n'); err != nil { // retry: the stream stands
		b.Error(err)
	}
	joined.Done()
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		if bytes.HasPrefix(line, []byte("data: ")) {
			c.mu.Lock()
			found := c.mark != nil && bytes.Contains(line, c.mark)
			c.mu.Unlock()
			if found {
				c.times <- time.Now()
			}
		}
	}
}

func (c *crowd) await(mark string) {
	c.mu.Lock()
	c.mark = []byte(mark)
	c.mu.Unlock()
}

// heard waits until everybody has it.
func (c *crowd) heard(b *testing.B, since time.Time) []time.Duration {
	late := time.After(30 * time.Second)
	took := make([]time.Duration, 0, c.n)
	for len(took) < c.n {
		select {
		case at := <-c.times:
			took = append(took, at.Sub(since))
		case <-late:
			b.Fatalf("%d of %d have it after half a minute", len(took), c.n)
		}
	}
	return took
}

func (c *crowd) leave() { c.stop() }
