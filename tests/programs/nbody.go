package programs

import "math"

// planet is a body of the solar system: astronomical units, years, solar masses.
type planet struct{ x, y, z, vx, vy, vz, mass float64 }

const (
	solarMass   = 4 * math.Pi * math.Pi
	daysPerYear = 365.24
)

// solarSystem is the Sun and the Jovian planets.
var solarSystem = [5]planet{
	{mass: solarMass},
	{
		4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
		1.66007664274403694e-03 * daysPerYear, 7.69901118419740425e-03 * daysPerYear, -6.90460016972063023e-05 * daysPerYear,
		9.54791938424326609e-04 * solarMass,
	},
	{
		8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
		-2.76742510726411899e-03 * daysPerYear, 4.99852801234917238e-03 * daysPerYear, 2.30417297573763929e-05 * daysPerYear,
		2.85885980666130812e-04 * solarMass,
	},
	{
		1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
		2.96460137564761618e-03 * daysPerYear, 2.37847173959480950e-03 * daysPerYear, -2.96589568540237556e-05 * daysPerYear,
		4.36624404335156298e-05 * solarMass,
	},
	{
		1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
		2.68067772490389322e-03 * daysPerYear, 1.62824170038242295e-03 * daysPerYear, -9.51592254519715870e-05 * daysPerYear,
		5.15138902046611451e-05 * solarMass,
	},
}

// NBody is the n-body program of the Computer Language Benchmarks Game: it moves
// the planets by steps of 0.01 years and returns the energy of the system before
// and after.
//
//coro:body
func NBody(steps int) (before, after float64) {
	system := solarSystem
	rest(&system)
	before = energy(&system)
	for range steps {
		advance(&system, 0.01)
	}
	return before, energy(&system)
}

// rest gives the Sun the velocity that makes the momentum of the system zero.
//
//coro:body
func rest(system *[5]planet) {
	var px, py, pz float64
	for i := range system {
		p := &system[i]
		px += p.vx * p.mass
		py += p.vy * p.mass
		pz += p.vz * p.mass
	}
	sun := &system[0]
	sun.vx, sun.vy, sun.vz = -px/solarMass, -py/solarMass, -pz/solarMass
}

//coro:body
func energy(system *[5]planet) float64 {
	var e float64
	for i := range system {
		p := &system[i]
		e += 0.5 * p.mass * (p.vx*p.vx + p.vy*p.vy + p.vz*p.vz)
		for j := i + 1; j < len(system); j++ {
			q := &system[j]
			dx, dy, dz := p.x-q.x, p.y-q.y, p.z-q.z
			e -= p.mass * q.mass / math.Sqrt(dx*dx+dy*dy+dz*dz)
		}
	}
	return e
}

//coro:body
func advance(system *[5]planet, dt float64) {
	for i := range system {
		p := &system[i]
		for j := i + 1; j < len(system); j++ {
			q := &system[j]
			dx, dy, dz := p.x-q.x, p.y-q.y, p.z-q.z
			squared := dx*dx + dy*dy + dz*dz
			pull := dt / (squared * math.Sqrt(squared))
			p.vx -= dx * q.mass * pull
			p.vy -= dy * q.mass * pull
			p.vz -= dz * q.mass * pull
			q.vx += dx * p.mass * pull
			q.vy += dy * p.mass * pull
			q.vz += dz * p.mass * pull
		}
	}
	for i := range system {
		p := &system[i]
		p.x += dt * p.vx
		p.y += dt * p.vy
		p.z += dt * p.vz
	}
}
