package evidence_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/google/go-cmp/cmp"

	"parley/internal/access/accesstest"
	"parley/internal/evidence"
)

const (
	site   = "parley.example"
	origin = "https://parley.example"
)

func initialing() evidence.Act {
	return evidence.Act{Talks: "lake", Seat: "s4", Name: "initial", Request: "r-1", Head: 71, Root: sha256.Sum256([]byte("root")),
		Fields: []evidence.Field{{"text", "agreement"}, {"revision", "12"}}}
}

func canonical(t testing.TB, a evidence.Act) []byte {
	t.Helper()
	b, err := a.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sign has a device sign an act, as a browser would when asked by a page of origin.
func sign(t testing.TB, d *accesstest.Device, a evidence.Act) (signed, public []byte, act [32]byte) {
	t.Helper()
	d.Create(t, []byte(`{"publicKey":{"challenge":"AAAA","rp":{"id":"`+site+`"},"user":{"id":"cC0w"}}}`))
	public = accesstest.PublicKey(t, d.Signer())
	e := evidence.Evidence{Act: canonical(t, a), Key: sha256.Sum256(public)}
	act = evidence.Hash(e.Act)
	challenge := base64.RawURLEncoding.EncodeToString(act[:])
	var said struct {
		Response struct{ AuthenticatorData, ClientDataJSON, Signature string }
	}
	answer := d.Get(t, []byte(`{"publicKey":{"challenge":"`+challenge+`","rpId":"`+site+`"}}`))
	if err := json.Unmarshal(answer, &said); err != nil {
		t.Fatal(err)
	}
	for to, from := range map[*[]byte]string{&e.Authenticator: said.Response.AuthenticatorData, &e.Client: said.Response.ClientDataJSON, &e.Signature: said.Response.Signature} {
		b, err := base64.RawURLEncoding.DecodeString(from)
		if err != nil {
			t.Fatal(err)
		}
		*to = b
	}
	signed, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return signed, public, act
}

func TestASignedActVerifiesWithNothingElse(t *testing.T) {
	for name, algorithm := range map[string]int{"ES256": -7, "EdDSA": -8, "RS256": -257} {
		t.Run(name, func(t *testing.T) {
			signed, public, act := sign(t, &accesstest.Device{Origin: origin, Algorithm: algorithm}, initialing())
			if err := evidence.Verify(signed, act, public, site, origin); err != nil {
				t.Fatal(err)
			}
			e, err := evidence.Parse(signed)
			if err != nil {
				t.Fatal(err)
			}
			a, err := evidence.ParseAct(e.Act)
			if err != nil {
				t.Fatal(err)
			}
			want := initialing()
			want.Fields[0], want.Fields[1] = want.Fields[1], want.Fields[0] // in order of their names
			if diff := cmp.Diff(want, a); diff != "" {
				t.Error(diff)
			}
			t.Logf("%s: %d bytes, of which the act %d", name, len(signed), len(e.Act))
			if len(signed) > 1024 {
				t.Errorf("it has %d bytes", len(signed))
			}
		})
	}
}

// What Mallory makes does not verify, and the sentence says what is wrong.
func TestAForgedSignatureDoesNotVerify(t *testing.T) {
	signed, public, act := sign(t, &accesstest.Device{Origin: origin}, initialing())
	otherAct := initialing()
	otherAct.Fields[1].Value = "13"
	others, othersKey, _ := sign(t, &accesstest.Device{Origin: origin}, initialing())
	otherHead := initialing()
	otherHead.Head++
	proxied, proxiedKey, _ := sign(t, &accesstest.Device{Origin: "https://parley.example.mallory.test"}, initialing())
	unverified, unverifiedKey, _ := sign(t, &accesstest.Device{Origin: origin, Unverified: true}, initialing())
	transplanted, err := evidence.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	transplanted.Act = canonical(t, otherAct)
	moved, err := transplanted.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name             string
		evidence, public []byte
		act              [32]byte
		site, origin     string
		why              string
	}{
		{"another act", signed, public, evidence.Hash(canonical(t, otherAct)), site, origin, "another act"},
		{"the same act at another head", signed, public, evidence.Hash(canonical(t, otherHead)), site, origin, "another act"},
		{"the act exchanged under the signature", moved, public, evidence.Hash(canonical(t, otherAct)), site, origin, "another act"},
		{"another person's key", signed, othersKey, act, site, origin, "another key"},
		{"another person's signature", others, public, act, site, origin, "another key"},
		{"signed on a phishing site", proxied, proxiedKey, act, site, origin, "another site"},
		{"signed for another site", signed, public, act, "mallory.test", origin, "another site"},
		{"nobody verified", unverified, unverifiedKey, act, site, origin, "did not verify"},
		{"nothing", nil, public, act, site, origin, "cut"},
		{"one byte more", append(bytes.Clone(signed), 0), public, act, site, origin, "extended"},
		{"no key", signed, nil, act, site, origin, "no kind that signs"},
	} {
		err := evidence.Verify(c.evidence, c.act, c.public, c.site, c.origin)
		if err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v, want %q", c.name, err, c.why)
		}
	}
}

// A signature that was made for a registration, or on a page inside another's,
// is none over an act: the client data say so, and they are signed.
func TestOtherThingsSignedWithTheSameKey(t *testing.T) {
	signed, public, act := sign(t, &accesstest.Device{Origin: origin}, initialing())
	challenge := base64.RawURLEncoding.EncodeToString(act[:])
	e, err := evidence.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	for client, why := range map[string]string{
		`{"type":"webauthn.create","challenge":"` + challenge + `","origin":"` + origin + `"}`:                                 "not an assertion",
		`{"type":"webauthn.get","challenge":"` + challenge + `","origin":"` + origin + `","crossOrigin":true}`:                 "another's page",
		`{"type":"webauthn.get","challenge":"` + challenge + `","origin":"` + origin + `","crossOrigin":"no"}`:                 "another's page",
		`{"type":"webauthn.get","challenge":"` + challenge + `","origin":"` + origin + `","topOrigin":"https://mallory.test"}`: "another's page",
		`{"type":"webauthn.get","challenge":"` + challenge + `="  ,"origin":"` + origin + `"}`:                                 "another act",
		`{"type":"webauthn.get","challenge":"x","challenge":"` + challenge + `","origin":"` + origin + `"}`:                    "every member once",
		`{"type":"webauthn.get","Challenge":"` + challenge + `","origin":"` + origin + `"}`:                                    "another act",
		`{"type":"webauthn.get","challenge":"` + challenge + `","origin":"` + origin + `"} {}`:                                 "one JSON object",
		`["webauthn.get"]`: "one JSON object",
		``:                 "one JSON object",
		`{"type":"webauthn.get","challenge":"` + challenge + `","origin":"` + origin + `"}`: "the signature is not", // all well but that it was not signed
	} {
		e.Client = []byte(client)
		b, err := e.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if err := evidence.Verify(b, act, public, site, origin); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", client, err, why)
		}
	}
}

// A device signs what it likes; but what is no assertion is not taken for one.
func TestAuthenticatorDataThatIsNoAssertion(t *testing.T) {
	d := &accesstest.Device{Origin: origin, Algorithm: -8}
	signed, public, act := sign(t, d, initialing())
	e, err := evidence.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	whole := bytes.Clone(e.Authenticator)
	with := func(flags byte, more ...byte) []byte {
		b := append(bytes.Clone(whole), more...)
		b[32] = flags
		return b
	}
	for _, c := range []struct {
		name string
		data []byte
		why  string
	}{
		{"as it is", whole, ""},
		{"with extensions, and their flag", with(0x85, 0xa0), ""},
		{"with extensions and no flag", with(0x05, 0xa0), "not an assertion"},
		{"with the flag and no extensions", with(0x85), "not an assertion"},
		{"with a credential", with(0x45), "not an assertion"},
		{"backed up, and not to be", with(0x15), "not an assertion"},
		{"nobody verified", with(0x01), "did not verify"},
		{"nobody there", with(0x04), "did not verify"},
		{"cut", whole[:36], "another site"},
	} {
		digest := sha256.Sum256(e.Client)
		e.Authenticator = c.data
		if e.Signature, err = d.Signer().Sign(nil, append(bytes.Clone(c.data), digest[:]...), crypto.Hash(0)); err != nil {
			t.Fatal(err)
		}
		b, err := e.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		err = evidence.Verify(b, act, public, site, origin)
		if c.why == "" && err != nil || c.why != "" && (err == nil || !strings.Contains(err.Error(), c.why)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.why)
		}
	}
}

func TestFieldsInAnotherOrderAreRefused(t *testing.T) {
	b := canonical(t, initialing())
	i, j := bytes.Index(b, []byte("\x00\x08revision")), bytes.Index(b, []byte("\x00\x04text"))
	for name, act := range map[string][]byte{
		"exchanged": append(append(bytes.Clone(b[:i]), b[j:]...), b[i:j]...),
		"twice":     append(bytes.Clone(b), b[j:]...),
		"cut":       b[:len(b)-1],
	} {
		if _, err := evidence.ParseAct(act); err == nil {
			t.Errorf("%s: it was read", name)
		}
	}
	if _, err := evidence.ParseAct(b); err != nil {
		t.Error(err)
	}
}

func TestEveryFlippedBitIsRefused(t *testing.T) {
	for name, algorithm := range map[string]int{"ES256": -7, "EdDSA": -8, "RS256": -257} {
		signed, public, act := sign(t, &accesstest.Device{Origin: origin, Algorithm: algorithm}, initialing())
		flip := func(what string, b []byte, verify func() error) {
			for i := range 8 * len(b) {
				b[i/8] ^= 1 << (i % 8)
				if verify() == nil {
					t.Errorf("%s: bit %d of the %s was flipped and nothing was noticed", name, i, what)
				}
				b[i/8] ^= 1 << (i % 8)
			}
		}
		verify := func() error { return evidence.Verify(signed, act, public, site, origin) }
		flip("evidence", signed, verify)
		flip("key", public, verify)
		flip("hash", act[:], verify)
		if err := verify(); err != nil {
			t.Error(err)
		}
		for i := range signed {
			if evidence.Verify(signed[:i], act, public, site, origin) == nil {
				t.Errorf("%s: %d bytes of %d were enough", name, i, len(signed))
			}
		}
	}
}

// The reader of keys agrees with the library's on what it takes, and takes no
// second spelling.
func TestKeys(t *testing.T) {
	for name, algorithm := range map[string]int{"ES256": -7, "EdDSA": -8, "RS256": -257} {
		_, public, _ := sign(t, &accesstest.Device{Origin: origin, Algorithm: algorithm}, initialing())
		if _, err := webauthncose.ParsePublicKey(public); err != nil {
			t.Errorf("%s: the library refuses it: %v", name, err)
		}
		for i := range public {
			if _, err := evidence.ParseKey(public[:i]); err == nil {
				t.Errorf("%s: %d bytes of the key were enough", name, i)
			}
		}
		if _, err := evidence.ParseKey(append(bytes.Clone(public), 0)); err == nil {
			t.Errorf("%s: a byte more was taken", name)
		}
	}
	off := append([]byte("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"), bytes.Repeat([]byte{1}, 32)...)
	off = append(append(off, "\x22\x58\x20"...), bytes.Repeat([]byte{1}, 32)...)
	if _, err := evidence.ParseKey(off); err == nil {
		t.Error("a point that is not on the curve was taken")
	}
}

func TestActsThatCannotBeSigned(t *testing.T) {
	twice, long, negative := initialing(), initialing(), initialing()
	twice.Fields = append(twice.Fields, evidence.Field{"text", "another"})
	long.Fields[0].Value = strings.Repeat("x", evidence.MostAct)
	negative.Head = -1
	for what, a := range map[string]evidence.Act{"a field twice": twice, "too long": long, "a negative head": negative} {
		if _, err := a.Marshal(); err == nil {
			t.Errorf("%s: it was taken", what)
		}
	}
	same := initialing()
	same.Fields[0], same.Fields[1] = same.Fields[1], same.Fields[0]
	if !bytes.Equal(canonical(t, same), canonical(t, initialing())) {
		t.Error("the order of the fields changes what is signed")
	}
}

func FuzzParse(f *testing.F) {
	signed, public, act := sign(f, &accesstest.Device{Origin: origin}, initialing())
	f.Add(signed)
	f.Add([]byte{1, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := evidence.Parse(b)
		if err != nil {
			return
		}
		again, err := e.Marshal()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%x is written again as %x, %v", b, again, err)
		}
		a, err := evidence.ParseAct(e.Act)
		if err != nil {
			t.Fatal(err)
		}
		if act, err := a.Marshal(); err != nil || !bytes.Equal(act, e.Act) {
			t.Errorf("the act %x is written again as %x, %v", e.Act, act, err)
		}
		if evidence.Verify(b, act, public, site, origin) == nil && !bytes.Equal(b, signed) {
			t.Errorf("%x verifies", b)
		}
	})
}

func FuzzParseKey(f *testing.F) {
	_, public, _ := sign(f, &accesstest.Device{Origin: origin}, initialing())
	f.Add(public)
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := evidence.ParseKey(b); err != nil {
			return
		}
		if _, err := webauthncose.ParsePublicKey(b); err != nil {
			t.Errorf("%x is taken here and refused by the library: %v", b, err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	signed, public, act := sign(b, &accesstest.Device{Origin: origin}, initialing())
	for b.Loop() {
		if err := evidence.Verify(signed, act, public, site, origin); err != nil {
			b.Fatal(err)
		}
	}
}
