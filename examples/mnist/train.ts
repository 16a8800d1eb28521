/** The training loop: batches in random order, Adam with a learning rate that rises and falls once. */
import { backward, clipless, type Tensor } from 'chainrule'
