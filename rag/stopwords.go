package rag

import (
	"strings"

	"jembe/advisory"
)

// stopWords are the words of each language that join others and name nothing, with those in which a question is wrapped
// ("please tell me how"), but for those that folding makes a farm word: French mais and maïs. They are written as people write them and folded once.
var stopWords = map[advisory.Lang]map[string]bool{
	"en": foldSet(`a also am an and any are as at be been being but by can could did do does doing for from get got had has have having
		he her him his how i if in into is it its just me might my no not of on or our please shall she should so some such than
		that the their them then there these they this those to too us very was we were what when where which while who whom whose
		why will with would you your`),
	"fr": foldSet(`a ai as au aux avec c ce ces cet cette comment d dans de des dont du elle elles en est et etre eux faire fait
		faut il ils j je l la le les leur leurs lui m ma me mes moi mon n ne nos notre nous on ont ou par pas peut plus pour
		pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont sur t ta te tes ton tu un une vos
		votre vous y`),
	"hi": foldSet(`अपना अपनी अपने आदि आप इन इस इसका इसकी इसके इसे उन उनका उनकी उनके उस उसका उसकी उसके उसे एक एवं और कब कर करके करना करने करें करे
		कहाँ का कि कितना कितनी कितने किन किया किस किसी की कुछ के को कोई कौन कौनसा कौनसी क्या क्यों गई गए गया जब जा जाए जाता जाती जाते जैसे जो तक तथा तब
		तो था थी थे द्वारा न नहीं ने पर फिर बताइए बताएं बताओ भी मुझे में मेरा मेरी मेरे मैं यदि यह यहाँ या ये रहा रही रहे लिए वह वाला वाली वाले वे सकता सकती
		सकते साथ से ही हुआ हुई हुए हूँ है हैं हो होता होती होते होना
		h k aap aata aati aate apna apne apni aur batao bataye bataiye bahut bhi chahiye de dena diya do ek gai gaya gaye gayi hai hain ham hamara
		hamare hamari hi ho hoga hogi hona hota hote hoti hua hue hui hum is isme iska iske iski ise ja jata jate jati jaye jo ka kab kahan
		kaise kar kare karein karen karke karna karte karti karu kaun kaunsa kaunsi ke keise ki kis kisi kitna kitne kitni ko koi kon konsa
		konsi kuch kya kyo kyon kyu kyun lag lagta lagti le liye main me mein mera mere meri mujhe nahi nahin ne pe par phir raha rahe rahi
		sakta sakte sakti sath se tak tha the thi to toh uska uske uski use wala wale wali ya ye yeh yah`),
	"sw": foldSet(`au basi bila cha gani hadi hapa hata hii hilo hiyo hizi hizo huo huu huyo huyu ile ili ili ipi je juu kama kati katika
		kila kisha kuhusu kutoka kuwa kwa kwamba kwenye la lakini lake lini mimi mwa na nani namna nayo ndani ndio ni nini niambie
		nifanye nini nje pa pia sana si sisi tu vipi wa wake wala wangu wao wapi ya yake yako yangu yao yenye yule za zake zangu
		zao zenye`),
	"te": foldSet(`ఆ ఇది ఇవి ఈ ఉంది ఉన్న ఉన్నాయి ఎలా ఎందుకు ఎక్కడ ఎంత ఎప్పుడు ఎవరు ఏ ఏమి ఏమిటి ఒక కానీ కు కూడా గురించి చాలా తో నా నాకు నుండి నుంచి
		మరియు మీరు నేను యొక్క లేదా లో వారు`),
	"am": foldSet(`ላይ ነው ነበር ናቸው እና ወይም ከ ወደ ስለ ምን ምንድን ምንድነው ማን ማነው የት መቼ እንዴት ለምን ስንት የትኛው የትኛዋ ይህ ያ ይህን እንደ ግን እስከ ውስጥ ጋር
		ነበሩ ሆነ ነች ናት`),
}

// allStopWords are the stop words of every language, for a text whose language is not known.
var allStopWords = func() map[string]bool {
	all := map[string]bool{}
	for _, set := range stopWords {
		for w := range set {
			all[w] = true
		}
	}
	return all
}()

func foldSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		for _, part := range advisory.Words(w) {
			set[part] = true
		}
	}
	return set
}
