//! The vocabulary of the seeded shop.

/// Category with its description and its products: name, description, price in cents.
pub(crate) type Shelf = (&'static str, &'static str, [(&'static str, &'static str, u64); 6]);

pub(crate) const SHELVES: [Shelf; 8] = [
    (
        "Kitchen",
        "Tools and small appliances for cooking",
        [
            ("French Press", "Eight cups, double-walled steel", 3900),
            ("Cast Iron Skillet", "Pre-seasoned, 26 cm", 4450),
            ("Chef's Knife", "Forged, 20 cm blade", 7900),
            ("Electric Kettle", "1.7 litres with temperature control", 5490),
            ("Mixing Bowl Set", "Five nested bowls with lids", 2795),
            ("Spice Grinder", "Stainless burrs, adjustable", 3250),
        ],
    ),
    (
        "Sports equipment",
        "Everything that rolls, bounces or is lifted",
        [
            ("Basketball", "Indoor and outdoor, size 7", 2999),
            ("Yoga Mat", "Natural rubber, 5 mm", 5900),
            ("Kettlebell 12 kg", "Powder-coated cast iron", 4800),
            ("Running Belt", "Holds a phone, keys and gels", 2190),
            ("Skipping Rope", "Steel cable with ball bearings", 1450),
            ("Foam Roller", "Medium density, 45 cm", 2600),
        ],
    ),
    (
        "Electronics",
        "Small devices and accessories",
        [
            ("Bluetooth Speaker", "Waterproof, 20 hours of play", 8900),
            ("Wireless Headphones", "Noise cancelling, over-ear", 19900),
            ("USB-C Hub", "Seven ports with card reader", 4590),
            ("Mechanical Keyboard", "Tenkeyless, brown switches", 11900),
            ("Webcam", "1080p with privacy shutter", 6490),
            ("Power Bank", "20,000 mAh, fast charging", 4290),
        ],
    ),
    (
        "Outdoor",
        "For trails, camps and bad weather",
        [
            ("Two-Person Tent", "Free-standing, 2.1 kg", 24900),
            ("Sleeping Bag", "Comfort down to 2 degrees", 13900),
            ("Headlamp", "400 lumens, rechargeable", 4990),
            ("Camping Stove", "Folds to the size of a mug", 3690),
            ("Dry Bag", "20 litres with shoulder strap", 2290),
            ("Trekking Poles", "Carbon, pair, adjustable", 9900),
        ],
    ),
    (
        "Home office",
        "Furniture and stationery for working at home",
        [
            ("Desk Lamp", "Dimmable, three colour temperatures", 6900),
            ("Monitor Arm", "For screens up to 9 kg", 8490),
            ("Notebook A5", "Dotted, 200 pages", 1490),
            ("Footrest", "Tilting, non-slip", 3990),
            ("Cable Box", "Hides a six-way strip", 2390),
            ("Standing Mat", "Anti-fatigue, bevelled edges", 5490),
        ],
    ),
    (
        "Garden",
        "Pots, tools and seeds",
        [
            ("Pruning Shears", "Bypass, replaceable blade", 2890),
            ("Watering Can", "Galvanised, 9 litres", 3490),
            ("Raised Bed", "Larch, 120 by 80 cm", 12900),
            ("Herb Seed Set", "Twelve kitchen herbs", 1290),
            ("Garden Gloves", "Goat leather, long cuff", 1990),
            ("Compost Bin", "300 litres, recycled plastic", 6990),
        ],
    ),
    (
        "Books",
        "Printed matter worth its shelf space",
        [
            ("The Patient Baker", "Bread with little effort", 2900),
            ("Maps of Quiet Places", "Sixty walks away from roads", 2400),
            ("Repair Everything", "A household manual", 3200),
            ("Small Gardens", "Planning for balconies", 2700),
            ("Letters from the Lighthouse", "A novel", 1800),
            ("Numbers for People", "Statistics without fear", 2200),
        ],
    ),
    (
        "Toys",
        "For children and those who were",
        [
            ("Wooden Train Set", "42 pieces, beech", 4900),
            ("Kite", "Delta, 150 cm, ripstop", 2390),
            ("Puzzle 1000", "A harbour at dawn", 1790),
            ("Building Blocks", "100 pieces in a bag", 3490),
            ("Marble Run", "Starter set", 3990),
            ("Plush Fox", "30 cm, washable", 1990),
        ],
    ),
];

pub(crate) const FIRST_NAMES: [&str; 20] = [
    "Amara", "Ben", "Carla", "Diego", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Keiko",
    "Liam", "Mina", "Noah", "Oksana", "Priya", "Quentin", "Rosa", "Samir", "Tilda",
];

pub(crate) const LAST_NAMES: [&str; 15] = [
    "Okafor",
    "Lindqvist",
    "Moreau",
    "Tanaka",
    "Hughes",
    "Castillo",
    "Novak",
    "Berg",
    "Haddad",
    "Silva",
    "Kowalska",
    "Weber",
    "O'Neill",
    "Iyer",
    "Romano",
];

pub(crate) const CITIES: [&str; 10] = [
    "Lisbon",
    "Hamburg",
    "Lyon",
    "Gothenburg",
    "Porto",
    "Graz",
    "Turin",
    "Utrecht",
    "Krakow",
    "Cork",
];

/// Review title and text for each rating from 1 to 5.
pub(crate) const REVIEWS: [(&str, &str); 5] = [
    ("Sent it back", "It arrived scratched and stopped working within a week."),
    ("Not for me", "Smaller than the pictures suggest, and the finish is rough."),
    ("Does the job", "Nothing special, but it does what it says for the price."),
    ("Very pleased", "Solid and well made. Delivery took a day longer than promised."),
    ("Would buy again", "Use it every day. Exactly what I was looking for."),
];
