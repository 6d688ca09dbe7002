package record

import (
	"fmt"
	"io"
	"time"
)

// A Report says what a verified bundle holds.
type Report struct {
	House   Verifier // whose key it was verified with
	Trusted bool     // the key was handed in; otherwise it is the bundle's own word
	Talks   string
	Reader  string
	Records []RecordReport
}

// A RecordReport says what of one record a bundle holds.
type RecordReport struct {
	Name      Name
	Size      int64
	Root      Hash
	Open      int64     // entries that can be read
	Withheld  int64     // entries of which there is the leaf alone
	Destroyed []int64   // open entries whose words are gone for good
	Last      time.Time // of the last open entry; zero if there is none
}

// VerifyBundle reads a bundle to its end and verifies all of it: the form, of
// which there is one spelling; each entry's header, commitments and evidence;
// each author's chain as far as it can be seen; the order of time; the tree of
// each record, rebuilt from all its leaves, against the signed checkpoint; and
// the house's signature over the whole. The first thing found wrong is the
// error; a false entry is a [*FalseEntry].
//
// If house is nil, the key in the bundle is believed. Then the bundle is only
// shown to be of one piece, by whoever holds that key, and the report says so.
func VerifyBundle(r io.Reader, house *Verifier) (Report, error) {
	b, err := ReadBundle(r, DefaultLimits)
	if err != nil {
		return Report{}, err
	}
	report := Report{House: b.House(), Trusted: house != nil, Talks: b.Talks(), Reader: b.Reader()}
	if house != nil && !house.Equal(b.House()) {
		return Report{}, fmt.Errorf("the bundle is signed with another key than that of %s which you trust: its key is %v", house.House(), b.House())
	}
	var checkpoints []Checkpoint
	for {
		name, checkpoint, err := b.NextRecord()
		if err == io.EOF {
			break
		}
		if err != nil {
			return Report{}, err
		}
		one, err := verifyExtract(b, name, checkpoint)
		if err != nil {
			return Report{}, err
		}
		report.Records = append(report.Records, one)
		checkpoints = append(checkpoints, checkpoint)
	}
	// Signatures come last because they cost most: what was altered on the
	// way has shown before.
	for i, c := range checkpoints {
		if err := b.house.verify(c, report.Records[i].Name); err != nil {
			return Report{}, err
		}
	}
	if !b.house.signed(b.text, b.sig, b.house.House()) {
		return Report{}, fmt.Errorf("the bundle is not signed at its end with the key of %s", b.house.House())
	}
	return report, nil
}

func verifyExtract(b *BundleReader, name Name, checkpoint Checkpoint) (RecordReport, error) {
	report := RecordReport{Name: name, Size: checkpoint.Size, Root: checkpoint.Root}
	c := NewChecker(name)
	for {
		e, err := b.NextEntry()
		if err == io.EOF {
			break
		}
		if err != nil {
			return report, err
		}
		if err := c.add(e); err != nil {
			return report, err
		}
		switch {
		case e.Content == nil:
			report.Withheld++
			continue
		case e.Content.Words == nil:
			report.Destroyed = append(report.Destroyed, e.Number)
		}
		report.Open++
		report.Last = e.Content.Header.Time
	}
	return report, c.under(checkpoint)
}
