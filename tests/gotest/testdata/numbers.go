// run

// Test arithmetic: all sizes of integers, floats, complex numbers, shifts.

package main

type all struct {
	a int8
	b uint8
	c int16
	d uint16
	e int32
	f uint32
	g int64
	h uint64
	x float32
	y float64
	z complex128
}

func step(v *all, n int) {
	v.a += int8(n)
	v.b *= uint8(n | 1)
	v.c -= int16(v.a)
	v.d ^= uint16(v.b) << (uint(n) & 15)
	v.e = v.e*31 + int32(v.c)
	v.f = v.f>>3 | v.f<<29 + uint32(v.d)
	v.g += int64(v.e) / int64(n+1)
	v.h = v.h*6364136223846793005 + uint64(v.g)
	v.x += float32(n) / 8
	v.y -= float64(v.x) / 4
	v.z += complex(float64(n), -1)
}

func gcd(a, b uint) uint {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func power(base, exponent, modulus uint64) uint64 {
	r := uint64(1)
	for ; exponent > 0; exponent >>= 1 {
		if exponent&1 != 0 {
			r = r * base % modulus
		}
		base = base * base % modulus
	}
	return r
}

func main() {
	var v all
	v.b, v.f = 1, 1
	for n := range 1000 {
		step(&v, n)
	}
	println(v.a, v.b, v.c, v.d, v.e, v.f, v.g, v.h)
	if v.x != 62437.5 || real(v.z) != 499500 || imag(v.z) != -1000 {
		println(v.x, v.y, v.z)
		panic("fail")
	}
	if gcd(1071, 462) != 21 {
		panic("gcd")
	}
	if power(3, 1000006, 1000007) != power(3, 6, 1000007)*power(3, 1000000, 1000007)%1000007 {
		panic("power")
	}
}
