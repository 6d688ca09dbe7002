package accesstest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
	"testing"
)

// A Device is a browser with an authenticator in it, made of software: it
// answers the options of a ceremony as a person's own would, and can be told to
// misbehave. Its keys are ES256 unless Algorithm says otherwise.
type Device struct {
	Origin     string // of the page that it believes to be on
	Algorithm  int    // COSE: -7 ES256 (also if zero), -8 EdDSA, -257 RS256
	Unverified bool   // answers without having verified its user
	Counts     bool   // counts signatures, as devices with a chip of their own do
	PRF        bool   // leaves the PRF results in what it sends, as toJSON does
	Extra      map[string]any

	keys []*deviceKey
}

type deviceKey struct {
	raw, user []byte
	site      string
	signer    crypto.Signer
	count     uint32
}

// options are those parts of a ceremony's options that a device looks at.
type options struct {
	PublicKey struct {
		Challenge string
		RPID      string `json:"rpId"`
		RP        struct{ ID string }
		User      struct{ ID string }
		Allow     []struct{ ID string } `json:"allowCredentials"`
		Exclude   []struct{ ID string } `json:"excludeCredentials"`
	}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (d *Device) read(t testing.TB, in []byte) (o options) {
	t.Helper()
	must(t, json.Unmarshal(in, &o))
	return o
}

// Create makes a passkey and answers a registration.
func (d *Device) Create(t testing.TB, in []byte) []byte {
	t.Helper()
	o := d.read(t, in)
	user, err := base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID)
	must(t, err)
	k := &deviceKey{user: user, site: o.PublicKey.RP.ID, raw: make([]byte, 32)}
	rand.Read(k.raw)
	switch d.Algorithm {
	case -8:
		_, k.signer, err = ed25519.GenerateKey(rand.Reader)
	case -257:
		k.signer, err = rsa.GenerateKey(rand.Reader, 2048)
	default:
		k.signer, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	must(t, err)
	d.keys = append(d.keys, k)
	data := d.data(k, 0x40)
	data = append(data, make([]byte, 16)...) // a model that does not say which it is
	data = binary.BigEndian.AppendUint16(data, uint16(len(k.raw)))
	data = append(append(data, k.raw...), PublicKey(t, k.signer)...)
	object := append([]byte("\xa3cfmtdnonegattStmt\xa0hauthData\x59"), byte(len(data)>>8), byte(len(data)))
	return d.answer(t, k, map[string]any{
		"clientDataJSON": b64(d.client(t, "webauthn.create", o.PublicKey.Challenge)), "attestationObject": b64(append(object, data...)),
		"transports": []string{"internal", "hybrid"},
	})
}

// Get signs with the first of its keys that fits and answers an assertion. It
// fails the test if there is none.
func (d *Device) Get(t testing.TB, in []byte) []byte {
	t.Helper()
	o := d.read(t, in)
	for _, k := range d.keys {
		named := func(x struct{ ID string }) bool { return x.ID == b64(k.raw) }
		if allow := o.PublicKey.Allow; k.site == o.PublicKey.RPID && (len(allow) == 0 || slices.ContainsFunc(allow, named)) {
			return d.sign(t, k, o.PublicKey.Challenge)
		}
	}
	t.Fatal("the device has no passkey for this")
	return nil
}

func (d *Device) sign(t testing.TB, k *deviceKey, challenge string) []byte {
	if d.Counts {
		k.count++
	}
	data, client := d.data(k, 0), d.client(t, "webauthn.get", challenge)
	digest := sha256.Sum256(client)
	message := append(slices.Clone(data), digest[:]...)
	hash := crypto.SHA256
	if _, plain := k.signer.(ed25519.PrivateKey); plain {
		hash = crypto.Hash(0)
	} else {
		sum := sha256.Sum256(message)
		message = sum[:]
	}
	signature, err := k.signer.Sign(rand.Reader, message, hash)
	must(t, err)
	return d.answer(t, k, map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(k.user),
	})
}

// data is authenticator data up to the counter. The key is one that is synced.
func (d *Device) data(k *deviceKey, flags byte) []byte {
	site := sha256.Sum256([]byte(k.site))
	flags |= 0x01 | 0x08 | 0x10
	if !d.Unverified {
		flags |= 0x04
	}
	return binary.BigEndian.AppendUint32(append(site[:], flags), k.count)
}

func (d *Device) client(t testing.TB, what, challenge string) []byte {
	b, err := json.Marshal(map[string]any{"type": what, "challenge": challenge, "origin": d.Origin, "crossOrigin": false})
	must(t, err)
	return b
}

func (d *Device) answer(t testing.TB, k *deviceKey, response map[string]any) []byte {
	extensions := map[string]any{}
	if d.PRF {
		extensions["prf"] = map[string]any{"results": map[string]any{"first": b64(make([]byte, 32))}}
	}
	m := map[string]any{"id": b64(k.raw), "rawId": b64(k.raw), "type": "public-key", "response": response,
		"clientExtensionResults": extensions, "authenticatorAttachment": "platform"}
	for name, v := range d.Extra {
		m[name] = v
	}
	b, err := json.Marshal(m)
	must(t, err)
	return b
}

// PublicKey writes the public half of a key as a device would: a COSE_Key in
// canonical CBOR.
func PublicKey(t testing.TB, s crypto.Signer) []byte {
	t.Helper()
	switch k := s.Public().(type) {
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		must(t, err)
		return slices.Concat([]byte("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"), point[1:33], []byte("\x22\x58\x20"), point[33:])
	case ed25519.PublicKey:
		return append([]byte("\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20"), k...)
	case *rsa.PublicKey:
		n := k.N.Bytes()
		return slices.Concat([]byte("\xa4\x01\x03\x03\x39\x01\x00\x20\x59"), []byte{byte(len(n) >> 8), byte(len(n))}, n, []byte("\x21\x43\x01\x00\x01"))
	}
	t.Fatalf("a key of type %T", s)
	return nil
}

// Signer returns the private half of the device's last key.
func (d *Device) Signer() crypto.Signer { return d.keys[len(d.keys)-1].signer }

// Rewind sets the count of the last key back, as a copy of it would have.
func (d *Device) Rewind() { d.keys[len(d.keys)-1].count = 0 }

// Claim has the last key pretend to be the last key of another device.
func (d *Device) Claim(other *Device) {
	mine, theirs := d.keys[len(d.keys)-1], other.keys[len(other.keys)-1]
	mine.raw, mine.user = theirs.raw, theirs.user
}
