package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"parley/internal/bargain"
)

var long = flag.Bool("long", false, "also analyse the nonlinear reference scenarios, which takes a minute each")

// collection is where the reference scenarios stand, beside the repository; without them a test says so and is skipped.
func collection(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the reference scenarios are not here (%v): this test has checked nothing", err)
	}
	return dir
}

// typed runs a command line as whoever types it sees it.
func typed(t *testing.T, args ...string) (out string, complaint string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	x := newTerminal()
	x.out, x.err = &o, &e
	code = x.run(args)
	return o.String(), e.String(), code
}

// analysed is the answer in JSON to an analysis that must succeed.
func analysed(t *testing.T, args ...string) *analysis {
	t.Helper()
	out, complaint, code := typed(t, append([]string{"analyse", "--json", "--peers", "--draws", "0"}, args...)...)
	if code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, complaint)
	}
	a := &analysis{}
	if err := json.Unmarshal([]byte(out), a); err != nil {
		t.Fatal(err)
	}
	return a
}

func (x packageFound) floats() []float64 { return floats(x.Worth) }

func (a *analysis) peer(t *testing.T, d bargain.Peer) []float64 {
	t.Helper()
	for _, p := range a.Peers {
		if p.Definition == d && len(p.Points) > 0 {
			return p.Points[0].floats()
		}
	}
	t.Fatalf("no package by %s", d)
	return nil
}

func close2(a, b []float64, eps float64) bool {
	return len(a) == 2 && len(b) == 2 && math.Abs(a[0]-b[0]) <= eps && math.Abs(a[1]-b[1]) <= eps
}

// TestEveryReferenceScenarioIsAnalysed types one command for each folder of the collection: size, an exact frontier, and
// each answer proved. Folders of variants ask which profiles meet.
func TestEveryReferenceScenarioIsAnalysed(t *testing.T) {
	dir := filepath.Join(collection(t), "scenarios")
	sources, err := os.ReadFile(filepath.Join(dir, "SOURCES.md"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.SplitSeq(string(sources), "\n") {
		c := strings.Split(line, "|")
		if len(c) < 10 || strings.Contains(line, "---") || strings.TrimSpace(c[1]) == "folder" {
			continue
		}
		folder, profiles, size := strings.TrimSpace(c[1]), strings.TrimSpace(c[7]), strings.TrimSpace(c[8])
		if len(size) > 9 && !*long {
			continue
		}
		n++
		args := []string{filepath.Join(dir, folder)}
		switch {
		case profiles == "9":
			_, complaint, code := typed(t, "analyse", args[0])
			if code != 2 || !strings.Contains(complaint, "Say which ones meet") {
				t.Errorf("%s: exit code %d, %q", folder, code, complaint)
			}
			args = append(args, "--profiles", "1,4,7")
		case folder == "negmas-yaml-anl2025-camera-a":
			if _, complaint, code := typed(t, "analyse", args[0]); code != 2 || !strings.Contains(complaint, "every party at the table needs one") {
				t.Errorf("%s: exit code %d, %q", folder, code, complaint)
			}
			continue
		}
		a := analysed(t, args...)
		if a.Packages != size {
			t.Errorf("%s has %s packages, want %s", folder, a.Packages, size)
		}
		if f := a.Frontier; f != nil && f.Guarantee.Kind != "exact" {
			t.Errorf("%s: the frontier is %+v", folder, f.Guarantee)
		}
		for _, s := range a.Solutions {
			if s.Guarantee.Kind != "exact" && s.Why == "" {
				t.Errorf("%s: %s is %+v", folder, s.Name, s.Guarantee)
			}
		}
		if len(a.Unasked) > 0 {
			t.Errorf("%s: not come to %v", folder, a.Unasked)
		}
	}
	if n < 55 {
		t.Errorf("only %d scenarios were analysed", n)
	}
}

// TestStoredResultsOfANL compares with what stands beside the domains: frontier, Nash, and the "Kalai" of ANL.
func TestStoredResultsOfANL(t *testing.T) {
	folders, _ := filepath.Glob(filepath.Join(collection(t), "scenarios", "geniusweb-*"))
	if len(folders) < 9 {
		t.Fatalf("%d folders", len(folders))
	}
	for _, folder := range folders {
		var want struct {
			Size  int
			Nash  struct{ Utility []float64 }
			Kalai struct{ Utility []float64 }
			Front []struct{ Utility []float64 } `json:"pareto_front"`
		}
		data, err := os.ReadFile(filepath.Join(folder, "specials.json"))
		if err == nil {
			err = json.Unmarshal(data, &want)
		}
		if err != nil {
			t.Fatal(err)
		}
		a := analysed(t, folder)
		if want.Size > 0 && a.Packages != strconv.Itoa(want.Size) || len(a.Frontier.Points) != len(want.Front) {
			t.Errorf("%s: %s packages, %d on the frontier; stored %d, %d", folder, a.Packages, len(a.Frontier.Points), want.Size, len(want.Front))
			continue
		}
		sort.Slice(want.Front, func(i, j int) bool { return want.Front[i].Utility[0] > want.Front[j].Utility[0] })
		for i, x := range a.Frontier.Points {
			if !close2(x.floats(), want.Front[i].Utility, 1e-12) {
				t.Errorf("%s: point %d is %v, stored %v", folder, i, x.Worth, want.Front[i])
			}
		}
		if got := a.peer(t, bargain.GeniusNash); !close2(got, want.Nash.Utility, 1e-12) {
			t.Errorf("%s: Nash %v, stored %v", folder, got, want.Nash)
		}
		if got := a.peer(t, bargain.GeniusKalai); !close2(got, want.Kalai.Utility, 1e-12) {
			t.Errorf("%s: Kalai %v, stored %v", folder, got, want.Kalai)
		}
	}
}

// TestStoredResultsOfNegoLog: its "Kalai" is the largest sum of worths.
func TestStoredResultsOfNegoLog(t *testing.T) {
	folders, _ := filepath.Glob(filepath.Join(collection(t), "scenarios", "negolog-*"))
	if len(folders) < 5 {
		t.Fatalf("%d folders", len(folders))
	}
	for _, folder := range folders {
		data, err := os.ReadFile(filepath.Join(folder, "specs.json"))
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]any
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		a := analysed(t, folder)
		if a.Packages != strconv.Itoa(int(want["NumberOfBids"].(float64))) {
			t.Errorf("%s: %s packages, stored %v", folder, a.Packages, want["NumberOfBids"])
		}
		product, ok := want["Nash Product"].(float64)
		if !ok {
			product = want["Product Score"].(float64)
		}
		nash, kalai := a.peer(t, bargain.GeniusNash), a.peer(t, bargain.NegologKalai)
		if math.Abs(nash[0]*nash[1]-product) > 1e-12 {
			t.Errorf("%s: Nash product %v, stored %v", folder, nash[0]*nash[1], product)
		}
		if sum := want["Kalai_A"].(float64) + want["Kalai_B"].(float64); math.Abs(kalai[0]+kalai[1]-sum) > 1e-12 {
			t.Errorf("%s: “Kalai” %v, stored %v", folder, kalai, sum)
		}
	}
}

// TestPublishedCases: Raiffa's police union and his canal, from the collection's facts.
func TestPublishedCases(t *testing.T) {
	dir := collection(t)
	a := analysed(t, filepath.Join(dir, "scenarios", "genius-ampovscity"))
	if a.Packages != "1944000" || len(a.Frontier.Points) != 192 {
		t.Errorf("AMPO v. City: %s packages, %d on the frontier", a.Packages, len(a.Frontier.Points))
	}
	if got := a.Solutions[0].Package.floats(); a.Solutions[0].Name != "nash" || math.Round(got[0]*1000) != 706 || math.Round(got[1]*1000) != 783 {
		t.Errorf("AMPO v. City: Nash is %v, published (0.706, 0.783)", got)
	}
	data, err := os.ReadFile(filepath.Join(dir, "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Cases []struct {
			ID      string
			Weights map[string][2]json.Number
			Winner  struct {
				Split string `json:"split_issue"`
				Share string `json:"share_first"`
				Each  any    `json:"points_each"`
			} `json:"adjusted_winner"`
		}
	}
	if err := json.Unmarshal(data, &facts); err != nil {
		t.Fatal(err)
	}
	for _, c := range facts.Cases {
		if c.ID != "panama-1974" {
			continue
		}
		table := "issue,option,us,panama\n"
		for issue, w := range c.Weights {
			table += issue + ",us," + w[0].String() + ",0\n" + issue + ",panama,0," + w[1].String() + "\n"
		}
		file := filepath.Join(t.TempDir(), "canal.csv")
		if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
		w := analysed(t, file, "--adjusted-winner").Winner
		if w.Points[0].String() != fmt.Sprint(c.Winner.Each) || w.Points[1].String() != fmt.Sprint(c.Winner.Each) {
			t.Errorf("Panama Canal: %v and %v points, published %v each", w.Points[0], w.Points[1], c.Winner.Each)
		}
		for _, x := range w.Awards {
			if x.Issue == c.Winner.Split && x.First.String() != c.Winner.Share {
				t.Errorf("Panama Canal: %s of %q to the first, published %s", x.First, x.Issue, c.Winner.Share)
			}
		}
		return
	}
	t.Error("the collection has no Panama Canal")
}

// TestADamagedCertificateIsRefused flips a bit of every byte in turn: nothing that differs in meaning is accepted.
func TestADamagedCertificateIsRefused(t *testing.T) {
	dir := t.TempDir()
	table := filepath.Join(dir, "t.csv")
	if err := os.WriteFile(table, []byte("issue,option,a,b\n,reservation,1,1\nx,1,5,0\nx,2,3,3\nx,3,0,5\ny,1,4,0\ny,2,2,3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "p")
	if _, complaint, code := typed(t, "analyse", table, "--certificate", file); code != 0 {
		t.Fatal(complaint)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	x := newTerminal()
	x.out, x.err = io.Discard, io.Discard
	if err := x.verifyCertificate(t.Context(), reading{grid: 2}, []string{file, table}); err != nil {
		t.Fatal(err)
	}
	refusals := 0
	for i := range whole {
		bad := bytes.Clone(whole)
		bad[i] ^= 1 << (i % 8)
		if meaning(whole) == meaning(bad) {
			continue
		}
		if err := os.WriteFile(file, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if x.verifyCertificate(t.Context(), reading{grid: 2}, []string{file, table}) == nil {
			t.Fatalf("a bit of byte %d was flipped, and the certificate is still accepted: %s", i, bad)
		}
		refusals++
	}
	if refusals < len(whole)/2 {
		t.Errorf("only %d of %d flipped bits changed the meaning", refusals, len(whole))
	}
}

// TestAnInterruptedSearchTellsItsGap interrupts a search among 10^40 packages as soon as it has said anything.
func TestAnInterruptedSearchTellsItsGap(t *testing.T) {
	var table strings.Builder
	table.WriteString("issue,option,a,b,c,d,e,f\n,reservation,300,300,300,300,300,300\n")
	x := uint64(7)
	for i := range 40 {
		for o := range 10 {
			fmt.Fprintf(&table, "i%d,o%d", i, o)
			for range 6 {
				x = x*6364136223846793005 + 1442695040888963407
				fmt.Fprintf(&table, ",%d", x>>33%100)
			}
			table.WriteByte('\n')
		}
	}
	file := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(file, []byte(table.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	who := newTerminal()
	who.out, who.err = &out, io.Discard
	q, err := who.inquire(reading{}, []string{file}, "", wanted{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	q.on = func(what string) {
		if what == "egalitarian" {
			q.o.OnProgress = func(bargain.Progress) { cancel() }
		}
	}
	if err := q.examine(ctx); err != nil {
		t.Fatal(err)
	}
	if err := who.answer(q, 10); err != nil {
		t.Fatal(err)
	}
	gaps := 0
	for _, s := range q.a.Solutions {
		if s.Guarantee.Kind == "within" && s.Guarantee.Limit == bargain.Cancelled && s.Guarantee.Eps > 0 && s.Guarantee.Eps < 1 && s.Upper > s.Value {
			gaps++
		}
	}
	said := strings.Join(strings.Fields(out.String()), " ")
	if gaps == 0 || !q.a.Interrupted || !strings.Contains(said, "Not proved best: the search was interrupted. Proved: nothing is more than") {
		t.Errorf("%d answers with a gap; it says\n%s", gaps, out.String())
	}
}

// meaning is what a certificate says, without the names of proofs, issues and talks, on which nothing rests; empty for
// what is none.
func meaning(text []byte) string {
	f := &proved{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if d.Decode(f) != nil {
		return ""
	}
	f.Title = ""
	for i := range f.Issues {
		f.Issues[i].Label = ""
	}
	for i := range f.Proofs {
		f.Proofs[i].Name = ""
	}
	said, _ := json.Marshal(f)
	return string(said)
}
