package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/api"
	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/ruling"
	"parley/internal/sqlite"
)

// verify checks what somebody was given, or a whole house, from outside.
func (t *terminal) verify() *cobra.Command {
	var key string
	c := &cobra.Command{
		Use:   "verify FILE|DIR",
		Short: "Check a bundle, a receipt or a house's directory, offline",
		Long: `Check that nothing was altered, reordered, dropped or added.

  a bundle   every entry you may read, against what the house has signed, and the
             place of every entry that you may not
  a receipt  that its entry stands in the record; give the key. It holds no
             words: those are in the bundle
  DIR        all records of a house; it works beside a running server

For each record it prints how many entries there are, the root that the house
has signed, how many are withheld from this reader, and which have had their
words destroyed. If something is false it names the first false entry and ends
with exit code 1.

Give the house's public key (--key), as you got it from somebody you trust;
init prints it, and the record's page shows it under "Signed by the house".
Without it a bundle only proves to be of one piece, by whoever made it.`,
		Example: "  parley verify lake.bundle --key house.vkey\n  parley verify lake-joint-46.tlog-proof --key house.vkey\n  parley verify house",
		Args:    t.args(1, 1),
	}
	c.Flags().StringVar(&key, "key", "", "the house's public `key`, or a file with it")
	c.RunE = func(c *cobra.Command, args []string) error {
		trusted, err := readVerifier(key)
		if err != nil {
			return err
		}
		info, err := os.Stat(args[0])
		switch {
		case args[0] != "-" && err != nil:
			return no(ruling.Absent, "cli.no-file", "File", args[0])
		case args[0] != "-" && info.IsDir():
			return t.verifyHouse(c.Context(), args[0], trusted)
		}
		return t.verifyFile(args[0], trusted)
	}
	return c
}

// readVerifier reads a public key from the command line or from a file; nil if
// there is none.
func readVerifier(given string) (*record.Verifier, error) {
	if given == "" {
		return nil, nil
	}
	if text, err := os.ReadFile(given); err == nil {
		given = strings.TrimSpace(string(text))
	}
	v, err := record.ParseVerifier(given)
	if err != nil {
		return nil, no(ruling.Invalid, "cli.key-unreadable", "Why", err.Error())
	}
	return &v, nil
}

// A verdict is what is told of one record.
type verdict struct {
	Record    record.Name `json:"record"`
	Size      int64       `json:"size"`
	Root      string      `json:"root"`
	Withheld  int64       `json:"withheld"`
	Destroyed []int64     `json:"destroyed"`
	House     string      `json:"house"`
	Trusted   bool        `json:"trusted"` // by the key that was given
}

func (t *terminal) judge(v verdict) error {
	if t.json {
		if v.Destroyed == nil {
			v.Destroyed = []int64{}
		}
		return t.show(v)
	}
	t.say("cli.verified", "Record", phrasebook.Words(v.Record), "Size", int(v.Size), "Root", v.Root, "Withheld", int(v.Withheld), "Destroyed", numbers(v.Destroyed))
	return nil
}

// numbers lists the numbers of entries, and says how many more there are
// where a line cannot hold them.
func numbers(list []int64) string {
	const most = 20
	if len(list) == 0 {
		return "0"
	}
	said := make([]string, 0, most)
	for _, n := range list[:min(len(list), most)] {
		said = append(said, fmt.Sprint(n))
	}
	text := fmt.Sprintf("%d (%s", len(list), strings.Join(said, ", "))
	if len(list) > most {
		text += ", …"
	}
	return text + ")"
}

// falsity is an error of something that does not verify.
func falsity(what string, err error) error {
	return no(ruling.Fault, "cli.false", "What", what, "Why", err.Error())
}

func (t *terminal) verifyFile(path string, trusted *record.Verifier) error {
	in, size := t.in, int64(0)
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil {
			size = info.Size()
		}
		in = f
	}
	told, end := t.progress(path, true)
	defer end()
	counted := &counting{r: in, told: func(done int64) { told(done, size) }}
	buffered := bufio.NewReader(counted)
	if start, _ := buffered.Peek(len(receiptStart)); bytes.Equal(start, []byte(receiptStart)) {
		return t.verifyReceipt(path, buffered, trusted)
	}
	report, err := record.VerifyBundle(buffered, trusted)
	end()
	if err != nil {
		return falsity(path, err)
	}
	for _, r := range report.Records {
		v := verdict{r.Name, r.Size, api.Spell(r.Root), r.Withheld, r.Destroyed, report.House.String(), report.Trusted}
		if err := t.judge(v); err != nil {
			return err
		}
	}
	if t.json {
		return nil
	}
	if report.Trusted {
		t.say("cli.bundle-true", "House", report.House.House(), "Reader", report.Reader)
	} else {
		t.say("cli.bundle-whole", "House", report.House.String(), "Reader", report.Reader)
	}
	return nil
}

// receiptStart is how a C2SP tlog-proof begins.
const receiptStart = "c2sp.org/tlog-proof"

func (t *terminal) verifyReceipt(path string, in io.Reader, trusted *record.Verifier) error {
	if trusted == nil {
		return no(ruling.Invalid, "cli.receipt-needs-key")
	}
	text, err := io.ReadAll(io.LimitReader(in, 1<<20))
	if err != nil {
		return err
	}
	receipt, err := record.ParseReceipt(text)
	if err == nil {
		err = receipt.Verify(*trusted, receipt.Leaf)
	}
	if err != nil {
		return falsity(path, err)
	}
	if t.json {
		return t.show(struct {
			Record record.Name `json:"record"`
			Number int64       `json:"number"`
			Leaf   string      `json:"leaf"`
		}{receipt.Record, receipt.Number, api.Spell(receipt.Leaf)})
	}
	t.say("cli.receipt-true", "Number", int(receipt.Number), "Record", string(receipt.Record), "House", trusted.House(), "Leaf", api.Spell(receipt.Leaf))
	return nil
}

// counting counts what is read through it.
type counting struct {
	r    io.Reader
	n    int64
	told func(int64)
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.told(c.n)
	return n, err
}

// verifyHouse audits every record of a house. With no key given it takes the
// house's own, which lies beside the records.
func (t *terminal) verifyHouse(ctx context.Context, dir string, trusted *record.Verifier) error {
	v := trusted
	if v == nil {
		key, err := readKey(dir)
		if err != nil {
			return err
		}
		own := key.Verifier()
		v = &own
	}
	store, err := sqlite.Open(dir, sqlite.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer store.Close()
	return t.auditAll(ctx, dir, store.Log(), *v, trusted != nil)
}

// auditAll audits every record of a log, all of them even if one is false.
func (t *terminal) auditAll(ctx context.Context, where string, log record.Log, v record.Verifier, trusted bool) error {
	names, err := log.Names(ctx, "")
	if err != nil {
		return err
	}
	told, end := t.progress(where, false)
	var wrong []error
	for i, name := range names {
		told(int64(i), int64(len(names)))
		head, err := record.Audit(ctx, log, name, v)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			wrong = append(wrong, falsity(where, err))
			continue
		}
		destroyed, err := destroyedIn(ctx, log, name, head.Size)
		if err != nil {
			return err
		}
		if err := t.judge(verdict{name, head.Size, api.Spell(head.Root), 0, destroyed, v.String(), trusted}); err != nil {
			return err
		}
	}
	end()
	if len(wrong) > 0 {
		for _, err := range wrong[1:] {
			t.complain(err)
		}
		return wrong[0]
	}
	if !t.json {
		t.say("cli.house-true", "Records", len(names), "Where", phrasebook.Words(where), "House", v.House())
	}
	return nil
}

// destroyedIn lists the entries of a record whose words are gone for good.
func destroyedIn(ctx context.Context, log record.Log, name record.Name, size int64) (list []int64, err error) {
	for e, err := range log.Read(ctx, name, 0) {
		if err != nil {
			return nil, err
		}
		if e.Number > size {
			break
		}
		if e.Content != nil && e.Content.Words == nil {
			list = append(list, e.Number)
		}
	}
	return list, nil
}
