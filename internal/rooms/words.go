package rooms

import "strings"

// words are the words of new codes: common English words of three to six letters that are spelled as they sound. No two
// have the same first four letters, and none is the beginning of another, so that a code that is broken into lines has
// one reading. The list was made for this program and is under its licence. Changing it changes which codes Made
// recognizes, and nothing else.
var words = strings.Fields(`
acorn actor adobe agent alarm album alley almond alpine amber anchor angle ankle answer antler apple apron arch
arena arrow artist aspen atlas attic august autumn avenue award bacon badge bakery ballad bamboo banana banjo banner
barley barn barrel basil basket baton beach beads beetle begin bell belt bench berry birch bison blade blaze blimp
blue boat bobcat bolt bonnet book boot border bottle bounce bowl box branch brass bread breeze brick bridge bright
broom brown brush bubble bucket budget bugle bundle bunny butter cabin cable cactus cake camel camp canal candle
canoe canvas canyon cape cargo carpet carrot cart cashew castle cattle cave cedar celery cello chain chalk champ
charm chase cheese chess chief chime chip circle citrus city clam clever cliff clock cloud clover club coach coast
cobalt cobra cocoa coffee coin collar comet comic copper coral corn cotton couch county cousin coyote cradle crane
crater crayon cream creek crew crisp crop crown cruise crumb cube cup curry cycle daily dairy daisy dance dawn deck
delta depot desk dew dial diary diesel dinner dipper dish dock doctor doll domino donkey donut door double dove
dragon drama dream dress drift drum duck dune dusk dust duty eagle early earth easel east easy echo editor egg eight
elbow elder elk elm ember emblem empire empty engine enjoy escape event expert fable fabric falcon family fancy farm
fast father fawn feast fence fern ferry fiddle field fifty film final finch finger finish fire first fish five flag
flame flask fleece float flock floor flower flute foam focus fog folder forest fork fossil fox frame fresh friend
frog frost fruit future galaxy game garage garden garlic garnet gate gecko gem gentle giant gift ginger glad glass
glide globe glove glow glue goal goat gold golf good goose grain grand grape gravel green grid grill groove ground
grove guest guide guitar gull gum gym half hall hammer hand happy harp hat hawk hay hazel head heart heater hedge
height helmet helper hen herb hero hill hippo hockey hollow honey hook hoop hope horn horse hotel house hover hub
hug human humble husky hut ice icicle igloo indigo ink inlet insect iris iron island ivory ivy jacket jaguar jam jar
jazz jeans jelly jersey jet jewel jigsaw jingle job jockey joke jolly joy judge juggle juice jumbo jump jungle
junior jury kayak kettle key kick kind king kiosk kite kitten kiwi knee koala lace ladder lady lagoon lake lamb lamp
laptop larch large laser lasso latch lawn layer leader leaf ledge legend lemon lens lentil letter level light lilac
lily lime linen lion lizard loaf lobby local locker long loop lotus lucky lunch lyric magic magnet major mallet
mango manor mantle maple marble march margin marina market marsh mason mast match math mayor maze meadow meal medal
melody member memory merry metal meteor metro middle mile milk mill mind mint minute mirror mist mitten mix mobile
model mole moment monday money month moon moose mosaic moss motel motor mouse movie muffin mug mule muse music myth
nacho name napkin narrow nature near nebula nectar needle neon nephew nest net never new nice nickel night nimble
nine noble nod noodle north nose notch note novel number nurse nutmeg nylon oak oasis oat object ocean octave offer
office olive omega omelet onion open opera orange orbit order organ origin osprey otter outer oval oven owl own
oyster ozone paddle page paint palace palm panda panel papaya paper parade parcel park parrot party pasta patch path
patio pause paw peach peanut pear pebble pecan pedal pencil people pepper perch petal phone photo piano picnic pie
pigeon pillow pilot pine pink pipe pirate pitch pixel pizza place plain planet plate plaza plum plush pocket poem
poet point polar polish polka pollen pond pony poodle poppy porch port poster potato powder pretty prince prism
prize profit proud puddle puffin pulley pulse puma pupil puppet purple puzzle quail quart queen quest quick quiet
quilt quince quiver quiz quote rabbit race radar radio raft rail rain raisin rally ranch random range rapid rattle
raven razor ready rebel recipe record red reef reply rescue result ribbon rice riddle ride right ring ripple river
road roast robin robot rocket rodeo roller roof root rope rose round royal ruby rudder rug ruler rumble runner rural
rust saddle safari sage sail salad salmon salsa salt salute sample sand satin sauce savory scale scarf scene school
scout screen script seal season seat second secret seed seesaw senior sequel seven shade shaker shape shark sheep
shelf shield shine ship shirt shoe shop shore shovel shrimp shrub shy sign silent silk silver simple singer sister
six skate sketch skill skirt sky slate sled sleepy slice slide slim sloth slow small smart smile smooth snack snail
snow soap soccer social sock soda sofa soft solar solid sonar song sonic soup south soy space spark speech spice
spider spiral spoon sport spring spruce square squid stable stage stamp star state steam steel step stereo stew
stone stool store stove straw street string studio sturdy subway sugar summer sunny super supper surf swan sweet
swift swim swing switch symbol system table tackle taco tailor talent tango tape taxi team teapot teddy tennis tent
term theme thirty thorn thread throne thumb ticket tidy tie tiger tile timber time tiny tissue title toast today
toffee token tomato tone tool topaz torch total toucan towel town toy track trade trail travel tray treaty tree trek
trend tribe trick trio trophy trout truck trust tuba tulip tuna tundra tunnel turkey turn turtle tutor twelve twenty
twig twin twist type uncle under union unit update upper urban vacuum valley value vapor vase vault vector velvet
verse vessel vest video view villa vine viola visit vivid vocal voice volley volume vote vowel voyage waffle wagon
waiter walk wallet walnut walrus wander warm washer water wave wax way weaver wedge west wheat wheel whisk white
wicker wide wild willow wind wing winner winter wire wise wish wizard wolf wombat wonder wood wool word work world
worm woven wrap wren wrist writer yard yarn year yeast yellow yeti yodel yoga yogurt young yoyo zebra zenith zephyr
zero zest zigzag zinc zipper zone zoom
`)
